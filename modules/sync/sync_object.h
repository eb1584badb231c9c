/* sync_object.h - one named object of this process: its file, and the tasks that wait at it. */
#ifndef PROCRUN_SYNC_OBJECT_H
#define PROCRUN_SYNC_OBJECT_H

#include "modules/sync/sync_state.h"
#include "runtime/handle.h"
#include "runtime/task.h"

enum { SYNC_NAME_MAX = 128, SYNC_FILE_SIZE = SYNC_NAME_MAX + 16 };

/* The end of a process that an object has to be told of. */
typedef struct SyncWatch {
  uv_poll_t poll;
  struct SyncObject *object; /* NULL: being closed */
  struct SyncWatch *next;
  uint64_t peer;
  int fd;
  bool ended, needed;
} SyncWatch;

typedef struct SyncObject {
  Handle base;
  struct SyncObject *prev, *next; /* among all that are open */
  struct SyncObject *next_due;
  SyncKind kind;
  uint32_t units;
  SyncFile file;
  uint64_t token;
  WaitList waiters;
  uint32_t held;  /* units that the file says are ours */
  uint32_t owned; /* those of them that tasks have taken */
  uint64_t owner; /* a mutex: the task that took it */
  uint64_t sets;  /* an event: as it was seen last */
  bool set;
  bool abandoned; /* to be told to who takes the mutex */
  bool queued;    /* stands in the queue, as far as is known */
  bool due;       /* stands in the list of those to look */
  bool needs;     /* counts in sync_place_need */
  unsigned busy;  /* how often in a row the file was, up to a limit */
  int error;      /* why nobody can wait here any more; a libuv code */
  Deadline again; /* looks later: the file was busy */
  SyncWatch *watches;
  char path[SYNC_FILE_SIZE]; /* "mutex.NAME" */
  char what[SYNC_FILE_SIZE]; /* "mutex 'NAME'" */
} SyncObject;

/* What a look is for. */
typedef struct SyncWish {
  bool take;     /* one unit more, now or not at all; nobody waits here */
  uint32_t give; /* units to give back */
  bool check;    /* is everybody who holds something alive? */
  bool now;      /* nobody can try again: it is worth many milliseconds */
  int set;       /* an event: 1 set, -1 clear, 0 neither */
} SyncWish;

/* Brings the file and the object to agree: grants what is free, takes what is wished, stands in the
   queue while tasks wait. 0 or a libuv code. What is to be given back or waited for is tried again
   later where it failed; `take`, then a unit that s->held has more than s->owned, and `set` are not. */
int sync_look(SyncObject *s, SyncWish wish);
uint64_t sync_free(void); /* units that were free after the last look */

/* Those that are due look. */
void sync_run_due(void);

/* sync_list.c. Somebody changed what an object waits for: it is due to look when the present look is
   over, or at the next call of sync_run_due. */
void sync_due(SyncObject *s);
SyncObject *sync_next_due(void); /* takes it from the list; NULL: none */
SyncObject *sync_find(uint64_t token);
void sync_list_add(SyncObject *s);
void sync_list_remove(SyncObject *s);
SyncObject *sync_list_first(void);

/* sync_watch.c. Sees to it that the end of `peer` makes s look; UV_ESRCH: it has ended. Those that
   were not needed between begin and end go, but for a few. */
int sync_watch_need(SyncObject *s, uint64_t peer);
void sync_watch_begin(SyncObject *s);
void sync_watch_end(SyncObject *s);
void sync_watch_close(SyncObject *s);

#endif
