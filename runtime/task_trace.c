/* task_trace.c - events of tasks for procrun --trace. */
#include <stdio.h>
#include <string.h>

#include "runtime/task.h"
#include "runtime/trace.h"

enum { PLACE = 120 };

/* The innermost line of the script. */
static const char *place_of(lua_State *L, char place[PLACE])
{
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || strncmp(ar.source, "@procrun:", 9) == 0) continue;
    snprintf(place, PLACE, "%s:%d", ar.short_src, ar.currentline);
    return place;
  }
  return NULL;
}

/* The script's name for it; on the stack until the caller takes it off. */
static const char *push_name(lua_State *L, const Task *t)
{
  if (t->ref == LUA_NOREF) {
    lua_pushnil(L);
    return NULL;
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  lua_getiuservalue(L, -1, TASK_NAME);
  lua_remove(L, -2);
  return lua_tostring(L, -1);
}

void task_trace_start(lua_State *L, const Task *t, int index)
{
  char place[PLACE] = "";
  lua_Debug ar;
  lua_getiuservalue(L, index, TASK_FUNCTION);
  lua_getinfo(L, ">S", &ar);
  if (ar.linedefined > 0) snprintf(place, sizeof place, "%s:%d", ar.short_src, ar.linedefined);
  trace_event(TRACE_TASK, "start", "task=%l by=%l fn=%s", (int64_t)t->id,
              (int64_t)(t->rt->current ? t->rt->current->id : 0), *place ? place : NULL);
}

void task_trace_wait(lua_State *L, const Task *t)
{
  char place[PLACE], limit[32];
  bool limited = t->wait.timeout >= 0;
  if (!lua_checkstack(L, 3)) return;
  if (limited) snprintf(limit, sizeof limit, "%g", t->wait.timeout);
  trace_event(TRACE_TASK, "wait", "task=%l name=%s for=%s limit=%s at=%s", (int64_t)t->id,
              push_name(L, t), t->wait.what, limited ? limit : NULL, place_of(L, place));
  lua_pop(L, 1);
}

void task_trace(const Task *t, const char *event)
{
  lua_State *L = t->rt->L;
  const char *outcome = t->failed ? "failed" : t->cancelled ? "cancelled" : "done";
  if (!lua_checkstack(L, 3)) return;
  trace_event(TRACE_TASK, event, "task=%l name=%s outcome=%s", (int64_t)t->id, push_name(L, t),
              t->state == TASK_DONE ? outcome : NULL);
  lua_pop(L, 1);
}
