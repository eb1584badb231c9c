/* repl.c - what the REPL needs of C: Ctrl-C for what runs, how a task has ended.
   local core = require "procrun.core.repl" */
#include <signal.h>

#include "modules/modules.h"
#include "runtime/protect.h"
#include "runtime/signals.h"
#include "runtime/task.h"

/* Interrupts --------------------------------------------------------------------------------- */

/* Instructions that a task which is not the statement's may still run after Ctrl-C: only one that
   computes for ever is meant. */
enum { PATIENCE = 10000000, MOST = 3 };

static Task *own;                   /* the task of the REPL itself: never broken */
static Task *statement;             /* the one that Ctrl-C is for, or NULL */
static volatile sig_atomic_t count; /* INTs that the loop has not taken yet */
static bool broken;                 /* one of them has ended another task than the statement's */

static void on_break(lua_State *L, lua_Debug *ar)
{
  Task *t = rt_get(L)->current;
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  if (count == 0 || t == NULL || t == own) return;
  if (t != statement) broken = true;
  bool again = t->root.cancelled; /* its __close handlers do not come to their end either */
  task_cancel(t);
  if (again)
    scope_raise(L, &t->root);
  else
    scope_check(L, t, false);
}

/* In the signal handler. One that runs C code for ever does not even see the hook. */
static void on_interrupt(Runtime *rt)
{
  if (++count > MOST) signals_die(SIGINT);
  bool now = rt->current == statement;
  int mask = now ? LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT : LUA_MASKCOUNT;
  for (Frame *f = rt->frames; f; f = f->up) lua_sethook(f->L, on_break, mask, now ? 1 : PATIENCE);
}

/* interrupts(on): INT breaks what runs; the caller's task is the REPL's */
static int l_interrupts(lua_State *L)
{
  own = lua_toboolean(L, 1) ? rt_get(L)->current : NULL;
  signals_at_interrupt(own ? on_interrupt : NULL);
  return 0;
}

/* interrupted() -> how many INTs there were since the last call, whether they have ended a task */
static int l_interrupted(lua_State *L)
{
  lua_pushinteger(L, count);
  lua_pushboolean(L, broken);
  count = 0;
  broken = false;
  return 2;
}

/* What the prompt waits for. Its error is the prompt's to tell. */
static Watch watch;
static WaitList waiter;
static bool left; /* it is not waited for any more */

static void on_ended(Watch *w, lua_State *L, Task *t)
{
  (void)w, (void)L, (void)t;
  statement = NULL;
  wait_wake_all(&waiter);
}

static int try_over(lua_State *L, void *object)
{
  (void)object;
  if (watch.task && !left) return WAIT_MORE;
  lua_pushboolean(L, !left);
  return 1;
}

/* wait(task, is_statement) -> true: it has ended | false: it was left */
static int l_wait(lua_State *L)
{
  Task *t = task_check(L, 1);
  task_unwatch(&watch);
  statement = NULL;
  left = false;
  if (t->state != TASK_DONE) {
    watch.ended = on_ended;
    task_watch(t, &watch);
    if (lua_toboolean(L, 2)) statement = t;
  }
  return task_wait(L, &(Wait){&waiter, try_over, NULL, -1, "the line that runs", false});
}

/* leave(): what the prompt waits for goes on by itself */
static int l_leave(lua_State *L)
{
  (void)L;
  task_unwatch(&watch);
  statement = NULL;
  left = true;
  wait_wake_all(&waiter);
  return 0;
}

/* Errors ------------------------------------------------------------------------------------- */

static void (*uncaught)(lua_State *L, Task *t); /* what it does outside of the REPL */

static void report_only(lua_State *L, Task *t)
{
  task_report(L, t);
}

/* keep_going(on): an error that nobody waits for is told, and that is all */
static int l_keep_going(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (uncaught == NULL) uncaught = rt->uncaught;
  rt->uncaught = lua_toboolean(L, 1) ? report_only : uncaught;
  return 0;
}

/* outcome(task) -> "done", results… | "cancelled" | "failed", error, traceback | "running" */
static int l_outcome(lua_State *L)
{
  Task *t = task_check(L, 1);
  const char *how = t->state != TASK_DONE ? "running"
                    : t->failed           ? "failed"
                    : t->cancelled        ? "cancelled"
                                          : "done";
  lua_settop(L, 1);
  lua_pushstring(L, how);
  if (t->state != TASK_DONE || t->cancelled) return 1;
  int n = t->nresults, top = lua_gettop(t->co);
  if (!lua_checkstack(t->co, 1) || !lua_checkstack(L, n + 1))
    return luaL_error(L, "too many results");
  for (int i = 1; i <= n; i++) {
    lua_pushvalue(t->co, top - n + i);
    lua_xmove(t->co, L, 1);
  }
  if (!t->failed) return 1 + n;
  if (t->traced)
    lua_getiuservalue(L, 1, TASK_TRACE);
  else
    lua_pushnil(L);
  return 3;
}

int luaopen_procrun_core_repl(lua_State *L)
{
  static const luaL_Reg functions[] = {{"interrupts", l_interrupts},
                                       {"interrupted", l_interrupted},
                                       {"wait", l_wait},
                                       {"leave", l_leave},
                                       {"keep_going", l_keep_going},
                                       {"outcome", l_outcome},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
