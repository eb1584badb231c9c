/* place.h - working directories of tasks, beside that of the process (proc.scope).

   The thread of the loop is in the directory of the task that runs, so that whatever runs in it, C
   modules and children included, takes relative names as it should. A thread of the pool goes to that
   of the request that it works for. For that each of them leaves the directory that threads share
   (unshare). Where the kernel refuses that, as in many containers, or knows it not, the loop changes
   the directory of them all when nothing is under way in the pool.

   Until the first place is opened none of this happens. */
#ifndef PROCRUN_PLACE_H
#define PROCRUN_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct Place {
  unsigned refs; /* the loop's thread counts them */
  int fd;
  uint64_t id; /* never used again */
  char *pwd;   /* "PWD=/its/path", once it was asked for */
} Place;

/* A directory; *error is a libuv code where it is NULL. */
Place *place_open(const char *path, int *error);
Place *place_share(Place *p); /* NULL is that of the process */
void place_drop(Place *p);

void place_go(Place *p);     /* the loop's thread */
void place_settle(Place *p); /* from now on it is that of the process; takes the reference */
char *place_pwd(void);       /* "PWD=…" of where it is; NULL: it is where the process is */
Place *place_here(void);     /* where the loop's thread is; NULL: no place was ever opened */
bool place_is_far(Place *p); /* a thread of the pool could not be there now */
void place_quit(void);       /* the end of the program */
mode_t place_mask(void);     /* the umask, for place_enter */

/* A thread of the pool. p NULL: of a request that is older than all places. */
void place_enter(const Place *p, mode_t mask);

/* Around what runs in the pool, where the directory must not change meanwhile. */
bool place_pin(void); /* the loop's thread; false: no need to */
void place_unpin(void);

#endif
