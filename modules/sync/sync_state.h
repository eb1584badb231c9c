/* sync_state.h - the file of one named object: a head and the slots of those who hold or wait.

   Whoever wants to read or change it enters it, for some microseconds, by a lock on its first byte
   that the kernel gives back when its holder dies. It then changes a copy in memory; commit writes
   what is different, slot by slot, so that a death at any moment leaves a state that makes sense.
   A shared lock on the second byte says that somebody has the object open: the last one out removes
   the file. */
#ifndef PROCRUN_SYNC_STATE_H
#define PROCRUN_SYNC_STATE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYNC_DAMAGED = -EBADMSG }; /* a file that is none of ours; as a libuv code */

typedef enum SyncKind { SYNC_MUTEX = 1, SYNC_SEMAPHORE, SYNC_EVENT } SyncKind;

typedef struct SyncHead {
  uint32_t magic;     /* 0: nobody has written it yet */
  uint32_t kind;      /* SyncKind */
  uint32_t units;     /* how many there are; a mutex has one */
  uint32_t set;       /* an event: is it? */
  uint64_t sets;      /* an event: how often it was */
  uint64_t tickets;   /* the last one given out */
  uint32_t abandoned; /* a mutex: its holder died, and nobody has been told */
  uint32_t spare[7];
} SyncHead;

typedef struct SyncSlot {
  uint64_t peer;   /* the process; 0: the slot is free */
  uint64_t token;  /* its object */
  uint64_t ticket; /* the place in the queue; 0: does not wait */
  uint32_t held;   /* units */
  uint32_t spare[9];
} SyncSlot;

/* The state that was entered: one at a time in a process. */
typedef struct SyncState {
  SyncHead *head;
  SyncSlot *slots;
  size_t count;
  const SyncHead *old_head; /* as it stands in the file */
  const SyncSlot *old_slots;
  size_t old_count;
} SyncState;

/* A descriptor, or a libuv code. UV_EBUSY: a process was stopped in the middle of a change. */
int sync_state_open(int dir, const char *file);
void sync_state_close(int dir, const char *file, int fd); /* removes it, if nobody needs it */
bool sync_state_sweep(int dir, const char *file);         /* removes it, if nobody uses it */

/* 0 or a libuv code: UV_EBUSY where somebody has it for longer than that many microseconds, SYNC_DAMAGED
   where it is none of ours. */
int sync_state_enter(int fd, SyncKind kind, uint32_t units, SyncState *state, unsigned patience);
int sync_state_commit(int fd, SyncState *state); /* 0 or a libuv code */
void sync_state_leave(int fd);

/* An event, read without entering: 1, 0 or a libuv code. */
int sync_state_is_set(int fd);

/* The index of a free slot; SIZE_MAX when memory is out. */
size_t sync_state_new_slot(SyncState *state);

#endif
