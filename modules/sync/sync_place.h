/* sync_place.h - the directory in which the processes of one user meet, and who is alive there.

   Each process that uses it has two FIFOs in it, named by a random id. "p.ID" it holds open for
   writing as long as it lives: a reader sees its end, however that comes. Into "w.ID" others write
   tokens, 8 bytes each: look again at the object of that token. */
#ifndef PROCRUN_SYNC_PLACE_H
#define PROCRUN_SYNC_PLACE_H

#include <errno.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYNC_FORKED = -EPERM }; /* as a libuv code */

typedef struct SyncPlace {
  int dir;          /* its descriptor */
  uint64_t id;      /* of this process */
  const char *path; /* of the directory */
} SyncPlace;

/* Opens the directory at the first call. NULL: what is wrong was pushed as nil, message, code. */
const SyncPlace *sync_place_open(lua_State *L);
const SyncPlace *sync_place(void); /* once it is open */
bool sync_place_forked(void);      /* is this a copy of the process that opened it? */

/* A descriptor that becomes readable when that process ends; UV_ESRCH if it has; another code where
   that cannot be told. */
int sync_place_find(uint64_t peer);
int sync_place_poke(uint64_t peer, uint64_t token); /* 0; UV_ESRCH: it has ended */
void sync_place_bury(uint64_t peer);                /* removes what a process left that has ended */
void sync_place_need(int change); /* counts what keeps the loop alive to be poked */

/* sync.c: we were poked, with these tokens; NULL: some may have been lost. */
void sync_poked(const uint64_t *tokens, size_t count);

/* sync_list.c: closes the objects' files in a copy of the process that opened them. It shares their
   locks: while the copy lived, the kernel would take none of them back. */
void sync_let_go(void);

#endif
