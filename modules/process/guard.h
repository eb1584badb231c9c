/* guard.h - a process of ours that outlives us, however we end, and then ends the trees of children.
   It is told of each child by that itself, before exec, so that none is missed. */
#ifndef PROCRUN_GUARD_H
#define PROCRUN_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

enum { GUARD_PATH = 508 };

/* What it is told: a child, with the path of its cgroup or ""; the end of one, by -pid; by 0 that we
   are about to end in good order. */
typedef struct GuardRecord {
  int32_t pid;
  char cgroup[GUARD_PATH];
} GuardRecord;

/* Starts the guard unless there is one: a descriptor to tell it, or a libuv code. */
int guard_open(uv_loop_t *loop);

/* A child could not tell it (EAGAIN): waits a moment until there is room. false: there is none. */
bool guard_wait(void);

/* A child has ended, and is none of its business any more. */
void guard_forget(pid_t pid);

/* The end of a run: the guard ends, and with it what it still knows of. */
void guard_quit(uv_loop_t *loop);

/* launch_role: never returns if these are the guard's arguments. */
void guard_main(int argc, char **argv);

#endif
