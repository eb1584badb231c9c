/* run.h - a runtime from its first to its last step. */
#ifndef PROCRUN_RUN_H
#define PROCRUN_RUN_H

#include "runtime/rt.h"

/* Runs procrun with the arguments of main: the exit status. Dies of a signal where that ends it. */
int run_main(int argc, char **argv, const luaL_Reg *core);

#endif
