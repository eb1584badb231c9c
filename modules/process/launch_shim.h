/* launch_shim.h - a child that starts as this very program, does what uv_spawn cannot, and becomes the
   program that was asked for. */
#ifndef PROCRUN_LAUNCH_SHIM_H
#define PROCRUN_LAUNCH_SHIM_H

#include "modules/process/launch_child.h"

/* Does uv_spawn alone not do for this child? */
bool shim_wanted(const LaunchSpec *spec);

/* The file of this program. NULL: not to be found out. */
const char *shim_program(void);

/* Is this still the file that we were started from? */
bool shim_runs_from(const char *path);

/* With what it is started to become `file`; fd: its end of a socket. To be freed; NULL: no memory. */
char **shim_argv(const LaunchSpec *spec, const char *file, int fd);

/* The other end of the socket: tells it what to do, before it is started; then, once its own end is
   open nowhere else, waits until it has become the program, or has failed. */
int shim_send(int fd, const LaunchSpec *spec);
void shim_await(int fd, ChildReport *report);

/* launch_role: never returns if these are such arguments. */
void shim_main(int argc, char **argv);

#endif
