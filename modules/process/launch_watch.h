/* launch_watch.h - how the loop learns that a child has ended: by its pidfd, else by SIGCHLD. */
#ifndef PROCRUN_LAUNCH_WATCH_H
#define PROCRUN_LAUNCH_WATCH_H

#include "modules/process/launch.h"

/* Watches a child with pid set and pidfd set or -1. 0 or a libuv code. */
int watch_start(Launched *p);
void watch_ref(Launched *p, bool ref);

/* Stops watching, without reaping; closes the pidfd. */
void watch_stop(Launched *p);

/* Reaps a child if it has ended. Afterwards p may be gone. */
bool watch_reap(Launched *p);

/* Gives up the pidfds of a loop's children, who are watched by SIGCHLD from now on; false: none. */
bool watch_yield(uv_loop_t *loop);

/* The end of a run: closes what is kept for the children of a loop, unless one is still watched. */
void watch_quit(uv_loop_t *loop);

/* Have pidfds worked so far? */
bool watch_has_pidfd(void);
void watch_no_pidfd(void);

/* launch_pidfd.c: one epoll set for all children of a loop. */
int pidfds_add(Launched *p);
void pidfds_remove(Launched *p); /* its pidfd is about to be closed */
void pidfds_ref(Launched *p, bool ref);
void pidfds_quit(uv_loop_t *loop);

/* launch_sigchld.c */
int sigchld_add(Launched *p);
void sigchld_remove(Launched *p);
void sigchld_ref(Launched *p, bool ref);

/* Has the loop look in its next turn: a child may have ended before anybody listened. */
int sigchld_look(uv_loop_t *loop);

#endif
