/* forked.h - C modules that call fork (posix.fork): the new process has the script, not its loop.

   In it only the task that called fork goes on, as plain Lua: it cannot wait, what it prints is
   written at once, and its end, os.exit, or an error ends the process without the clean-up that
   belongs to the first one: no child is ended, no listener called, no message sent twice. */
#ifndef PROCRUN_FORKED_H
#define PROCRUN_FORKED_H

#include "runtime/rt.h"

void forked_watch(Runtime *rt); /* called before the first C module is loaded; sets rt->forked */
void forked_run(Runtime *rt);   /* in the new process, when its task has ended: does not return */

#endif
