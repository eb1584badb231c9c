/* sync_file.h - the file of one named object.

   A shared lock on its first byte says that somebody has it open: the last one out removes the file.
   Another lock is for whoever reads and changes it. The kernel takes both back at a process's end. It is
   read and written by calls, not mapped: if somebody cuts it off, that is an error and not a signal. */
#ifndef PROCRUN_SYNC_FILE_H
#define PROCRUN_SYNC_FILE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYNC_DAMAGED = -EBADMSG, SYNC_REMOVED = -ESTALE }; /* as libuv codes */
enum { SYNC_MAGIC = 0x32796e73 };                         /* "sny2": the layout is the second one */
enum { SYNC_SLOTS_AT_FIRST = 63 };                        /* 4 KiB, with the head */

typedef enum SyncKind { SYNC_MUTEX = 1, SYNC_SEMAPHORE, SYNC_EVENT } SyncKind;

typedef struct SyncHead {
  uint32_t magic;     /* 0: nobody has written it yet */
  uint32_t kind;      /* SyncKind */
  uint32_t units;     /* how many there are; a mutex has one */
  uint32_t set;       /* an event: is it? */
  uint64_t sets;      /* an event: how often it was */
  uint64_t tickets;   /* the last one given out */
  uint32_t abandoned; /* a mutex: its holder died, and nobody has been told */
  uint32_t used;      /* slots; whatever lies behind them means nothing */
  uint64_t spare[3];
} SyncHead;

typedef struct SyncSlot {
  uint64_t peer;   /* the process; 0: the slot is free, the rest means nothing */
  uint64_t token;  /* its object */
  uint64_t ticket; /* the place in the queue; 0: does not wait */
  uint32_t held;   /* units */
  uint32_t seen;   /* it knows of them: who dies without it has abandoned nothing */
  uint32_t spare[8];
} SyncSlot;

typedef struct SyncFile {
  int fd;           /* -1: not open */
  size_t room;      /* slots that it has at least */
  uint64_t checked; /* when it was; a time of the loop */
} SyncFile;

/* 0 or a libuv code. UV_EBUSY: a process was stopped while it opened or removed it. */
int sync_file_open(int dir, const char *name, SyncFile *file);
void sync_file_close(int dir, const char *name,
                     SyncFile *file);            /* removes it, if nobody needs it */
void sync_file_sweep(int dir, const char *name); /* removes it, if nobody uses it */

/* Is it in its place and whole? SYNC_REMOVED, SYNC_DAMAGED: others have laid hands on it. Looks once in
   each millisecond of the loop, whose time is `now`. */
int sync_file_check(SyncFile *file, uint64_t now);
int sync_file_fit(SyncFile *file, size_t slots);  /* SYNC_DAMAGED: it has not so many */
int sync_file_grow(SyncFile *file, size_t slots); /* for who has entered it */

/* UV_EBUSY: somebody is inside. */
int sync_file_enter(const SyncFile *file);
void sync_file_leave(const SyncFile *file);

/* Cell 0 is the head, the next ones are the slots. 0 or a libuv code; SYNC_DAMAGED: they are not there.
   No death cuts a cell in two: it is written whole or not at all. */
int sync_file_read(const SyncFile *file, void *to, size_t first, size_t count);
int sync_file_write(const SyncFile *file, const void *cell, size_t index);

#endif
