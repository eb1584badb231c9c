/* tick.h - a look into a busy script: asked for in a signal handler, made at the next instruction of
   the coroutine that runs just then. A debug hook of the script's own is kept, and goes on afterwards.

   Rule: a look changes nothing. It comes between any two instructions: it neither waits nor raises. */
#ifndef PROCRUN_TICK_H
#define PROCRUN_TICK_H

#include <signal.h>

#include "runtime/rt.h"

typedef enum TickKind { TICK_DUMP, TICK_SAMPLE, TICK_KINDS } TickKind;

/* L: the coroutine that runs. */
typedef void (*TickLook)(lua_State *L);

void tick_set(TickKind kind, TickLook look); /* once, before the first tick_arm */

/* Async-signal-safe. Where no script runs just now, the one that runs next is looked at. False: there
   will be no look; the script is being broken off, or counts its instructions by a hook (samples come
   too often for that). */
bool tick_arm(Runtime *rt, TickKind kind);

/* Something is wanted of a script, and none may have run, or the one that ran may end before it comes to
   an instruction: whoever makes a task's coroutine the running one calls the other. */
extern volatile sig_atomic_t tick_missed;
void tick_catch_up(Runtime *rt);

/* No more of it: the script is being broken off. Async-signal-safe. `again` does so anew where the
   break may have missed it. */
void tick_end(void (*again)(Runtime *rt));

#endif
