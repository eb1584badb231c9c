/* pace.h - when the collector works: at the waits of tasks, rather than in the midst of their work.

   As in the standalone lua5.4, the collector is generational; what is young is collected in
   microseconds, whatever the size of the heap. Lua itself would collect after each fifth by which
   the heap grows, and after a few big strings run a full cycle. Here a young collection is run where
   a task waits (or is resumed) once room has been filled: half a MiB, or a fifth of a larger heap;
   and a full one when the heap has doubled. Lua's own trigger is kept further away than that: a
   task that does not wait meets it, and then all is as in lua5.4.

   Rule: a script that chooses mode or speed by collectgarbage is left alone from then on. */
#ifndef PROCRUN_PACE_H
#define PROCRUN_PACE_H

#include "runtime/rt.h"

enum { PACE_STEP = 32 }; /* kB by which the heap must have changed for a closer look */

void pace_open(lua_State *L);   /* a state just made: generational, and stopped for now */
void pace_define(lua_State *L); /* collectgarbage */
void pace_start(lua_State *L);  /* it begins, or goes on */
void pace_work(lua_State *L, int kb);

/* Called where no value is half made: collects if it is time to. */
static inline void pace_look(Runtime *rt, lua_State *L)
{
  int kb = lua_gc(L, LUA_GCCOUNT);
  if ((unsigned)(kb - rt->pace.seen) >= PACE_STEP) pace_work(L, kb);
}

#endif
