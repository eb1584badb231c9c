/* launch_watch.h - how the loop learns that a child has ended: by its pidfd, else by SIGCHLD. */
#ifndef PROCRUN_LAUNCH_WATCH_H
#define PROCRUN_LAUNCH_WATCH_H

#include "modules/process/launch.h"

/* Watches a child with pid set and pidfd set or -1. 0 or a libuv code. */
int watch_start(Launched *p);
void watch_ref(Launched *p, bool ref);

/* Stops watching, without reaping: closes the handle inside and the pidfd. */
void watch_stop(Launched *p);

/* Gives up the pidfds of a loop's children, who are watched by SIGCHLD from now on; false: none. */
bool watch_yield(uv_loop_t *loop);

/* Have pidfds worked so far? */
bool watch_has_pidfd(void);
void watch_no_pidfd(void);

#endif
