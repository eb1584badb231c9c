/* task.c - tasks for Lua: spawn, wait, cancel, sleep; and wait lists, on which the Lua half builds.
   local core = require "procrun.core.task" */
#include "runtime/task.h"

#include <string.h>

#include "modules/modules.h"
#include "modules/task/crew.h"
#include "runtime/bell.h"
#include "runtime/opt.h"
#include "runtime/protect.h"

/* spawn(fn, …) -> task */
static int l_spawn(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  task_spawn(L, lua_gettop(L) - 1, false);
  return 1;
}

/* spawn_daemon(name, fn, …) -> task; a dispatch task */
static int l_spawn_daemon(lua_State *L)
{
  luaL_checktype(L, 2, LUA_TFUNCTION);
  task_spawn(L, lua_gettop(L) - 2, true);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, TASK_NAME);
  return 1;
}

/* busy(on, [task]): the dispatch task, the current one or another, has something to do: until
   busy(false) it keeps the process alive, whatever it waits for, as any task does */
static int l_busy(lua_State *L)
{
  Task *t = lua_isnoneornil(L, 2) ? rt_get(L)->current : task_check(L, 2);
  if (t->state != TASK_DONE) task_busy(t, lua_toboolean(L, 1));
  return 0;
}

/* sleep(seconds) -> true */
static int l_sleep(lua_State *L)
{
  double seconds = opt_seconds(L, 1);
  return task_wait(L, &(Wait){.timeout = seconds, .what = "a sleep"});
}

/* yield(): lets the other ready tasks and the loop have a turn */
static int l_pause(lua_State *L)
{
  return task_pause(L);
}

static int push_results(lua_State *L, Task *t)
{
  int n = t->nresults;
  if (t->cancelled) {
    lua_pushnil(L);
    lua_pushliteral(L, "the task was cancelled");
    lua_pushliteral(L, "ECANCELED");
    return 3;
  }
  int top = lua_gettop(t->co);
  if (!lua_checkstack(t->co, 1) || !lua_checkstack(L, n)) return luaL_error(L, "too many results");
  for (int i = 1; i <= n; i++) {
    lua_pushvalue(t->co, top - n + i); /* they stay for other waiters */
    lua_xmove(t->co, L, 1);
  }
  if (!t->failed) return n;
  protect_adopt(L, t, 1);
  return lua_error(L);
}

static int try_join(lua_State *L, void *object)
{
  Task *t = object;
  return t->state == TASK_DONE ? push_results(L, t) : WAIT_MORE;
}

/* t:wait([timeout]) -> results of its function; raises its error; nil, message, "ECANCELED" */
static int l_wait(lua_State *L)
{
  Task *t = task_check(L, 1);
  double timeout = opt_timeout(L, 2);
  if (t == rt_get(L)->current) return luaL_error(L, "a task cannot wait for itself");
  return task_wait(L, &(Wait){&t->joiners, try_join, t, timeout, "the end of a task", false});
}

/* t:cancel() -> t; its present or next wait raises, pcall does not catch that */
static int l_cancel(lua_State *L)
{
  Task *t = task_check(L, 1);
  task_cancel(t);
  lua_settop(L, 1);
  if (t == rt_get(L)->current) scope_check(L, t, false);
  return 1;
}

/* t:status() -> "ready" | "running" | "waiting" | "done" | "failed" | "cancelled" */
static int l_status(lua_State *L)
{
  Task *t = task_check(L, 1);
  if (t->state == TASK_DONE)
    lua_pushstring(L, t->failed ? "failed" : t->cancelled ? "cancelled" : "done");
  else
    lua_pushstring(L, t->state == TASK_RUNNING ? "running" : t->queued ? "ready" : "waiting");
  return 1;
}

/* is_task(value) -> boolean */
static int l_is_task(lua_State *L)
{
  lua_pushboolean(L, task_test(L, 1) != NULL);
  return 1;
}

/* current() -> task | nil outside of any */
static int l_current(lua_State *L)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || t->ref == LUA_NOREF) return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  return 1;
}

static int l_tostring(lua_State *L)
{
  task_push_label(L, task_check(L, 1), 1);
  return 1;
}

static int l_index(lua_State *L)
{
  Task *t = task_check(L, 1);
  const char *key = lua_tostring(L, 2);
  if (key && strcmp(key, "name") == 0)
    lua_getiuservalue(L, 1, TASK_NAME);
  else if (key && strcmp(key, "id") == 0)
    lua_pushinteger(L, (lua_Integer)t->id);
  else
    lua_getfield(L, lua_upvalueindex(1), key ? key : "");
  return 1;
}

static int l_newindex(lua_State *L)
{
  task_check(L, 1);
  const char *key = lua_tostring(L, 2);
  if (key == NULL || strcmp(key, "name") != 0)
    return luaL_error(L, "a task has no field '%s' to set, only 'name'",
                      luaL_tolstring(L, 2, NULL));
  if (lua_type(L, 3) != LUA_TSTRING)
    return luaL_error(L, "a task's name is a string, not a %s value", luaL_typename(L, 3));
  lua_settop(L, 3);
  lua_setiuservalue(L, 1, TASK_NAME);
  return 0;
}

/* list() -> a wait list for tasks that wait for something in Lua memory */
static int l_list(lua_State *L)
{
  Bell *bell = bell_new(L);
  bell_push(L, bell);
  bell_unref(bell);
  if (rt_get(L)->closing)
    bell->refs = 0; /* the userdata is not finalized any more: it counts not */
  return 1;
}

static int l_list_wake(lua_State *L)
{
  wait_wake(&bell_check(L, 1)->list);
  return 0;
}

static int l_list_wake_all(lua_State *L)
{
  bell_ring(bell_check(L, 1));
  return 0;
}

/* list:waiting() -> boolean: does any task wait here? */
static int l_list_waiting(lua_State *L)
{
  lua_pushboolean(L, bell_check(L, 1)->list.head != NULL);
  return 1;
}

/* Calls the look function at index 4 with what follows it: it answers true, results…; or false. */
static int try_look(lua_State *L, void *object)
{
  int top = lua_gettop(L);
  (void)object;
  luaL_checkstack(L, top, "too many arguments");
  for (int i = 4; i <= top; i++) lua_pushvalue(L, i);
  lua_call(L, top - 4, LUA_MULTRET);
  if (lua_gettop(L) > top && lua_toboolean(L, top + 1)) return lua_gettop(L) - top - 1;
  lua_settop(L, top);
  return WAIT_MORE;
}

static int wait_in(lua_State *L, WaitList *list)
{
  double timeout = opt_timeout(L, 2);
  const char *what = luaL_checkstring(L, 3);
  luaL_checktype(L, 4, LUA_TFUNCTION);
  return task_wait(L, &(Wait){list, try_look, NULL, timeout, what, false});
}

/* list:wait(timeout, what, look, …) -> results of look | nil, "timeout", "ETIMEDOUT" */
static int l_list_wait(lua_State *L)
{
  return wait_in(L, &bell_check(L, 1)->list);
}

/* list:wait_events(timeout, what, look, …): the same for a dispatch task; it looks at once */
static int l_list_wait_events(lua_State *L)
{
  return wait_in(L, &bell_check(L, 1)->taker);
}

/* pending_error() -> the error that is ending the block whose __close handler runs | nil */
static int l_pending_error(lua_State *L)
{
  return protect_push_pending(L);
}

/* seconds(time) -> number */
static int l_seconds(lua_State *L)
{
  lua_pushnumber(L, opt_seconds(L, 1));
  return 1;
}

static void define_types(lua_State *L)
{
  static const luaL_Reg task[] = {
      {"wait", l_wait}, {"cancel", l_cancel}, {"status", l_status}, {NULL, NULL}};
  static const luaL_Reg meta[] = {
      {"__tostring", l_tostring}, {"__newindex", l_newindex}, {NULL, NULL}};
  static const luaL_Reg list[] = {
      {"wake", l_list_wake}, {"wake_all", l_list_wake_all},       {"waiting", l_list_waiting},
      {"wait", l_list_wait}, {"wait_events", l_list_wait_events}, {NULL, NULL}};
  luaL_newmetatable(L, "procrun.task");
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, task);
  lua_pushvalue(L, -1);
  lua_setfield(L, -4, "task_methods");
  lua_pushcclosure(L, l_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  bell_define(L, list);
}

int luaopen_procrun_core_task(lua_State *L)
{
  static const luaL_Reg functions[] = {{"spawn", l_spawn},
                                       {"spawn_daemon", l_spawn_daemon},
                                       {"sleep", l_sleep},
                                       {"yield", l_pause},
                                       {"current", l_current},
                                       {"list", l_list},
                                       {"seconds", l_seconds},
                                       {"pending_error", l_pending_error},
                                       {"is_task", l_is_task},
                                       {"busy", l_busy},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  scope_define(L);
  crew_define(L);
  define_types(L);
  return 1;
}
