/* bell.h - a wait list that several owners share: a child, its streams and its channel ring one, so
   that a task can wait for whichever of them moves first. */
#ifndef PROCRUN_BELL_H
#define PROCRUN_BELL_H

#include "runtime/task.h"

typedef struct Bell {
  WaitList list;
  WaitList
      taker; /* the dispatch task, which alone is also woken for what it alone takes: messages */
  unsigned refs;
  bool rung;    /* since the dispatch task has looked: something other than a message may be due */
  bool running; /* a child's, which has not ended: ends of its streams are no news yet */
} Bell;

Bell *bell_new(lua_State *L); /* one reference, the caller's */
void bell_ref(Bell *bell);
void bell_unref(Bell *bell); /* NULL is fine */
void bell_ring(Bell *bell);  /* every waiter looks again; NULL is fine */
void bell_call(Bell *bell);  /* the dispatch task looks again; likewise */
void bell_end(Bell *bell);   /* a stream has ended: the same, unless the child still runs */

void bell_push(lua_State *L, Bell *bell); /* as a userdata, which takes a reference of its own */
Bell *bell_check(lua_State *L, int arg);
void bell_define(lua_State *L, const luaL_Reg *methods);

#endif
