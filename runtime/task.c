/* task.c - the scheduler: a task's start, its turns and its end. */
#include "runtime/task.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "runtime/context.h"
#include "runtime/pace.h"
#include "runtime/protect.h"
#include "runtime/tick.h"
#include "runtime/trace.h"

static const char TASK[] = "procrun.task";

Task *task_test(lua_State *L, int arg)
{
  return luaL_testudata(L, arg, TASK);
}

Task *task_check(lua_State *L, int arg)
{
  return luaL_checkudata(L, arg, TASK);
}

static void link_task(Runtime *rt, Task *t)
{
  t->next = rt->tasks;
  if (t->next) t->next->prev = t;
  rt->tasks = t;
  if (!t->daemon) rt->live++;
}

static void unlink_task(Runtime *rt, Task *t)
{
  if (t->prev)
    t->prev->next = t->next;
  else
    rt->tasks = t->next;
  if (t->next) t->next->prev = t->prev;
  t->prev = t->next = NULL;
  if (!t->daemon) rt->live--;
}

static int end_main(lua_State *L, int status, lua_KContext ctx)
{
  Task *t = (Task *)ctx;
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 2;
  if (scope_owns(&t->root, L, -1))
    t->cancelled = true;
  else
    t->failed = true;
  return 1;
}

/* The body of every task: the function is protected, so that its __close handlers may wait when an
   error or a cancel ends it. */
static int task_main(lua_State *L)
{
  Task *t = lua_touserdata(L, 1);
  if (t->root.cancelled) { /* before it began */
    t->cancelled = true;
    return 0;
  }
  return protect_call(L, lua_gettop(L) - 2, (lua_KContext)t, end_main);
}

bool task_is_protected(lua_CFunction f)
{
  return f == task_main || scope_is_protected(f);
}

/* debug.sethook keeps its functions by coroutine: coverage, a debugger or a profiler that watches a
   task also watches those that it starts. */
static void inherit_hook(lua_State *L, lua_State *co)
{
  if (lua_getfield(L, LUA_REGISTRYINDEX, "_HOOKKEY") == LUA_TTABLE && lua_checkstack(co, 1)) {
    lua_pushthread(co);
    lua_xmove(co, L, 1);
    lua_pushthread(L);
    lua_rawget(L, -3);
    lua_rawset(L, -3);
  }
  lua_pop(L, 1);
}

Task *task_spawn(lua_State *L, int nargs, bool daemon)
{
  Runtime *rt = rt_get(L);
  int function = lua_gettop(L) - nargs;
  Task *t = lua_newuserdatauv(L, sizeof *t, TASK_VALUES);
  *t = (Task){.rt = rt, .ref = LUA_NOREF, .daemon = daemon, .state = TASK_WAITING};
  luaL_newmetatable(L, TASK); /* or the one there is; procrun.core.task fills it when required */
  lua_setmetatable(L, -2);
  t->id = ++rt->task_count;
  t->co = lua_newthread(L);
  if (lua_gethook(L)) inherit_hook(L, t->co);
  lua_pushcfunction(t->co, task_main);
  lua_pushlightuserdata(t->co, t);
  lua_setiuservalue(L, -2, TASK_THREAD);
  lua_pushvalue(L, function);
  lua_setiuservalue(L, -2, TASK_FUNCTION);
  if (rt->current && rt->current->ref != LUA_NOREF) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, rt->current->ref);
    lua_setiuservalue(L, -2, TASK_PARENT);
  }
  lua_pushvalue(L, -1);
  t->ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_insert(L, function);
  if (!lua_checkstack(t->co, nargs + 1)) luaL_error(L, "too many arguments to a task");
  lua_xmove(L, t->co, nargs + 1);
  t->at = t->co;
  if (rt->current && rt->current->context) t->context = context_share(rt->current->context);
  scope_open(t->co, t, &t->root);
  link_task(rt, t);
  if (TRACING(TRACE_TASK)) task_trace_start(L, t, function);
  task_ready(t);
  return t;
}

/* A task that ended although its cancel had been raised has caught it behind our back. */
static void warn_swallowed(lua_State *L, Task *t)
{
  task_push_label(L, t, -1);
  fprintf(stderr, "procrun: %s went on after it was cancelled; a C library has caught the error\n",
          lua_tostring(L, -1));
  lua_pop(L, 1);
}

void task_watch(Task *t, Watch *w)
{
  w->task = t;
  w->next = t->watches;
  t->watches = w;
}

void task_unwatch(Watch *w)
{
  if (w->task == NULL) return;
  for (Watch **p = &w->task->watches; *p; p = &(*p)->next) {
    if (*p != w) continue;
    *p = w->next;
    break;
  }
  w->task = NULL;
}

/* The task stands on top of L. */
static void tell_watches(lua_State *L, Task *t)
{
  Watch *w = t->watches;
  t->watches = NULL;
  while (w) {
    Watch *next = w->next;
    w->task = NULL;
    w->ended(w, L, t);
    w = next;
  }
}

static void finish(Runtime *rt, Task *t, int nresults)
{
  lua_State *L = rt->L;
  wait_leave(t);
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  t->state = TASK_DONE;
  t->nresults = nresults;
  if (TRACING(TRACE_TASK)) task_trace(t, "end");
  while (t->scopes) scope_close(t->scopes); /* also those of generators that outlive the task */
  if (t->context) context_end(L, t);
  unlink_task(rt, t);
  if (t->doomed || (t->root.delivered && !t->cancelled && !t->failed)) warn_swallowed(L, t);
  if (t->failed && t->joiners.head == NULL && t->watches == NULL) rt->uncaught(L, t);
  wait_wake_all(&t->joiners);
  tell_watches(L, t);
  lua_pushnil(L);
  lua_setiuservalue(L, -2, TASK_PARENT);
  luaL_unref(L, LUA_REGISTRYINDEX, t->ref);
  t->ref = LUA_NOREF;
  lua_pop(L, 1);
}

/* Runs the __close handlers of the task, which cannot wait any more. */
static void close_by_force(Task *t)
{
  bool doomed = t->doomed;
  wait_leave(t); /* while the owner of the list still stands on the stack */
  Task *before = t->rt->current;
  t->doomed = true;
  t->rt->current = t;
  if (t->context != t->rt->context) context_enter(t->rt, t->context);
  lua_resetthread(t->co);
  t->rt->current = before;
  t->doomed = doomed;
}

/* The base coroutine itself has died (out of memory, an error while unwinding), a C library has
   yielded from it or keeps catching its cancel: what it left open is closed without waiting.
   Returns the number of results. */
static int break_off(Task *t, int status)
{
  close_by_force(t);
  t->cancelled = t->doomed && t->root.cancelled;
  t->failed = !t->cancelled;
  if (status == LUA_YIELD) {
    lua_settop(t->co, 0);
    if (t->failed)
      lua_pushstring(t->co, t->doomed ? "the time ran out, and a C library has caught the error"
                                      : "attempt to yield from outside a coroutine");
  }
  return t->failed;
}

static void resume(Runtime *rt, Task *t)
{
  int nres, nargs = 0;
  t->state = TASK_RUNNING; /* a finalizer that wakes it from here on must not queue it again */
#ifdef PROCRUN_GC_STRESS
  lua_gc(rt->L, LUA_GCCOLLECT);
#endif
  Frame frame = {t->co, NULL};
  if (lua_status(t->co) == LUA_YIELD)
    lua_pop(t->co, 1); /* the token */
  else
    nargs = lua_gettop(t->co) - 1;
  pace_look(rt, rt->L);
  if (t->context != rt->context) context_enter(rt, t->context);
  rt->current = t;
  rt_enter(rt, &frame);
  rt->now_results = 0;
  rt->resumed_at = uv_hrtime();
  if (tick_missed) tick_catch_up(rt);
  if (TRACING(TRACE_TASK)) task_trace(t, "resume");
  int status = lua_resume(t->co, rt->L, nargs, &nres);
  rt->current = NULL;
  rt_enter(rt, NULL);
  if (status == LUA_YIELD && nres == 1 && !t->doomed && wait_is_token(t->co, -1)) {
    t->state = TASK_WAITING;
    return;
  }
  if (status != LUA_OK) nres = break_off(t, status);
  finish(rt, t, nres);
}

void task_drain(Runtime *rt)
{
  Task *last = rt->ready_tail;
  while (rt->ready_head) {
    Task *t = rt->ready_head;
    rt->ready_head = t->next_ready;
    if (rt->ready_head == NULL) rt->ready_tail = NULL;
    t->queued = false;
    resume(rt, t);
    if (t == last) break;
  }
}

void task_busy(Task *t, bool on)
{
  if (t->daemon != on) return;
  t->daemon = !on;
  if (on)
    t->rt->live++;
  else
    t->rt->live--;
}

void task_cancel(Task *t)
{
  if (t->state == TASK_DONE) return;
  if (TRACING(TRACE_TASK) && !t->root.cancelled) task_trace(t, "cancel");
  scope_cancel(&t->root);
}

void task_cancel_all(Runtime *rt)
{
  for (Task *t = rt->tasks; t; t = t->next) task_cancel(t);
}

void task_close_all(Runtime *rt)
{
  while (rt->tasks) {
    Task *t = rt->tasks;
    close_by_force(t);
    lua_settop(t->co, 0);
    t->cancelled = true;
    finish(rt, t, 0);
  }
  rt->ready_head = rt->ready_tail = NULL;
}
