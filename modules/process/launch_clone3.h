/* launch_clone3.h - clone3 with a stack for the child, which the C library keeps to itself. */
#ifndef PROCRUN_LAUNCH_CLONE3_H
#define PROCRUN_LAUNCH_CLONE3_H

#include <linux/sched.h>

/* The child calls run(arg), which must not return, on the stack of args. The pid or -errno; -ENOSYS
   also on machines that it is not written for. */
long clone3_run(struct clone_args *args, int (*run)(void *), void *arg);

#endif
