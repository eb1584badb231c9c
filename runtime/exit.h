/* exit.h - how a program comes to its end: asked for by process.exit, an error, a signal. */
#ifndef PROCRUN_EXIT_H
#define PROCRUN_EXIT_H

#include "runtime/rt.h"

/* Cancels every task; run.c then unwinds, flushes and closes. The first call decides code and
   signal; a later one only turns success into its failure. C memory only. */
void exit_begin(Runtime *rt, int code, int signum);

#endif
