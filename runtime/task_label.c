/* task_label.c - tasks in messages: their names, parents, tracebacks, and the deadlock report. */
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "runtime/protect.h"
#include "runtime/task.h"

void task_push_label(lua_State *L, Task *t, int index)
{
  index = lua_absindex(L, index);
  lua_getiuservalue(L, index, TASK_NAME);
  const char *name = lua_tostring(L, -1);
  lua_Debug ar;
  ar.linedefined = -1;
  lua_getiuservalue(L, index, TASK_FUNCTION);
  if (lua_isfunction(L, -1))
    lua_getinfo(L, ">S", &ar);
  else
    lua_pop(L, 1);
  const char *kind = t->daemon ? "dispatch task" : "task";
  if (t->id == 1)
    lua_pushliteral(L, "the main task");
  else if (name && t->daemon)
    lua_pushfstring(L, "%s '%s'", kind, name);
  else if (name)
    lua_pushfstring(L, "%s %I '%s' (%s:%d)", kind, (lua_Integer)t->id, name, ar.short_src,
                    ar.linedefined);
  else if (ar.linedefined > 0)
    lua_pushfstring(L, "%s %I (%s:%d)", kind, (lua_Integer)t->id, ar.short_src, ar.linedefined);
  else
    lua_pushfstring(L, "%s %I", kind, (lua_Integer)t->id);
  lua_remove(L, -2);
}

/* Like lua's own: strings and objects that know their text; others by their type, with the message
   that a plain table may hold. */
static const char *push_message(lua_State *L, int index)
{
  lua_pushvalue(L, index); /* lua_tostring would make a string of a number, in place */
  const char *text = lua_tostring(L, -1);
  if (text == NULL && luaL_callmeta(L, index, "__tostring") && lua_isstring(L, -1))
    return lua_tostring(L, -1);
  if (text) return text;
  lua_pushliteral(L, "message");
  if (lua_istable(L, index) && lua_rawget(L, index) == LUA_TSTRING)
    return lua_pushfstring(L, "%s (error object is a table value)", lua_tostring(L, -1));
  return lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, index));
}

/* An error that is no mistake of the script, as a command that has failed: its metamethod __uncaught
   gives what the user sees, and the exit status. -1: it is not one of those. */
static int report_plainly(lua_State *L, int index)
{
  if (luaL_getmetafield(L, index, "__uncaught") == LUA_TNIL) return -1;
  lua_pushvalue(L, index);
  lua_call(L, 1, 2);
  if (!lua_isstring(L, -2) || !lua_isinteger(L, -1)) return -1;
  fwrite(lua_tostring(L, -2), 1, lua_rawlen(L, -2), stderr);
  fputc('\n', stderr);
  return (int)lua_tointeger(L, -1);
}

/* ", started by …" up to the main task; the label of the task at index comes first. */
static void report_parents(lua_State *L, int index)
{
  task_push_label(L, lua_touserdata(L, index), index);
  fprintf(stderr, "in %s", lua_tostring(L, -1));
  lua_pushvalue(L, index);
  while (lua_getiuservalue(L, -1, TASK_PARENT) == LUA_TUSERDATA) {
    task_push_label(L, lua_touserdata(L, -1), -1);
    fprintf(stderr, ", started by %s", lua_tostring(L, -1));
    lua_pop(L, 1);
    lua_remove(L, -2);
  }
  fputc('\n', stderr);
}

/* report(light task, its userdata, its error) -> exit status */
static int report(lua_State *L)
{
  Task *t = lua_touserdata(L, 1);
  int status = report_plainly(L, 3);
  if (status < 0) {
    const char *message = push_message(L, 3);
    fprintf(stderr, "procrun: %s\n", message);
    protect_push_trace(L, t, 3);
    bool traced = lua_isstring(L, -1) && lua_rawlen(L, -1) > 0;
    if (traced) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    if (t->id != 1) report_parents(L, 2);
  }
  lua_pushinteger(L, status < 0 ? 1 : status);
  return 1;
}

/* Expects the task's userdata on top of L. */
int task_report(lua_State *L, Task *t)
{
  int status = 1;
  lua_pushcfunction(L, report);
  lua_pushlightuserdata(L, t);
  lua_pushvalue(L, -3);
  if (lua_checkstack(t->co, 1)) {
    lua_pushvalue(t->co, -1);
    lua_xmove(t->co, L, 1);
  } else {
    lua_pushliteral(L, "not enough memory to show an error");
  }
  if (lua_pcall(L, 3, 1, 0) == LUA_OK) {
    status = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return status;
  }
  const char *why = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, -1);
  fprintf(stderr, "procrun: an error that cannot be shown: %s\n", why);
  lua_pop(L, 1);
  return status;
}

/* The lines of the script on a coroutine's stack; those of the modules tell its author nothing. */
static void report_lines(lua_State *co)
{
  lua_Debug ar;
  for (int level = 0; lua_getstack(co, level, &ar); level++) {
    lua_getinfo(co, "Sl", &ar);
    if (ar.currentline <= 0 || strncmp(ar.source, "@procrun:", 9) == 0) continue;
    fprintf(stderr, "\n    at %s:%d", ar.short_src, ar.currentline);
  }
}

static void report_waiting(lua_State *L, Task *t)
{
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  task_push_label(L, t, -1);
  fprintf(stderr, "  %s waits for %s", lua_tostring(L, -1), t->wait.what);
  lua_pop(L, 2);
  report_lines(t->at);
  if (t->at != t->co) report_lines(t->co);
  fputc('\n', stderr);
}

void task_report_deadlock(Runtime *rt)
{
  fprintf(stderr, "procrun: deadlock: nothing is left that could wake the waiting tasks\n");
  Task *t = rt->tasks;
  while (t && t->next) t = t->next; /* the oldest */
  for (; t; t = t->prev)
    if (!t->daemon) report_waiting(rt->L, t);
}
