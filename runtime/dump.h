/* dump.h - SIGUSR1: what the process does goes to standard error, as procrun.dump() writes it. */
#ifndef PROCRUN_DUMP_H
#define PROCRUN_DUMP_H

#include "runtime/rt.h"

void dump_ask(Runtime *rt);   /* async-signal-safe: from inside a busy script, if one runs */
void dump_write(Runtime *rt); /* between two turns of the loop, unless that has been done */

#endif
