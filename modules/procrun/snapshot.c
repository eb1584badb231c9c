/* snapshot.c - what the runtime consists of just now: tasks, handles, the loop.
   local core = require "procrun.core.procrun"; snapshot.lua puts them together. Nothing waits, and
   nothing of what is looked at changes. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/handle.h"
#include "runtime/look.h"

enum { LINES_MAX = 12 };

static bool is_script(const lua_Debug *ar)
{
  return ar->currentline > 0 && strncmp(ar->source, "@procrun:", 9) != 0;
}

/* Appends the lines of the script on a coroutine's stack to the list on top of L. */
static void add_lines(lua_State *L, lua_State *co)
{
  lua_Debug ar;
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  for (int level = 0; n < LINES_MAX && lua_getstack(co, level, &ar); level++) {
    lua_getinfo(co, "Sl", &ar);
    if (!is_script(&ar)) continue;
    lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
    lua_rawseti(L, -2, ++n);
  }
}

/* The running task may be inside coroutines of its own, innermost first. */
static void look_stack(lua_State *L, const Task *t)
{
  lua_newtable(L);
  if (t->state == TASK_RUNNING) {
    for (Frame *f = t->rt->frames; f; f = f->up) add_lines(L, f->L);
  } else {
    add_lines(L, t->at);
    if (t->at != t->co) add_lines(L, t->co);
  }
  lua_setfield(L, -2, "stack");
}

/* The task's userdata stands on top. */
static void push_label(lua_State *L, Task *t)
{
  if (lua_type(L, -1) == LUA_TUSERDATA)
    task_push_label(L, t, -1);
  else
    lua_pushfstring(L, "task %I", (lua_Integer)t->id);
}

static void push_task(lua_State *L, const Task *t)
{
  if (t->ref == LUA_NOREF)
    lua_pushnil(L);
  else
    lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
}

/* Labels of those that have started it, the nearest first; the table stands below the userdata. */
static void look_parents(lua_State *L)
{
  enum { MOST = 20 };
  int userdata = lua_gettop(L);
  lua_newtable(L);
  lua_pushvalue(L, userdata);
  for (int n = 1; n <= MOST; n++) {
    if (lua_type(L, -1) != LUA_TUSERDATA || lua_getiuservalue(L, -1, TASK_PARENT) != LUA_TUSERDATA)
      break;
    task_push_label(L, lua_touserdata(L, -1), -1);
    lua_rawseti(L, userdata + 1, n);
  }
  lua_settop(L, userdata + 1);
  lua_setfield(L, userdata - 1, "parents");
}

static const char *state_of(const Task *t)
{
  if (t->state == TASK_RUNNING) return "running";
  return t->queued ? "ready" : "waiting";
}

/* A task that waits for the end of another one: that one. The address is only compared. */
static const Task *joined(const Task *t)
{
  const Task *other = t->wait.object;
  return t->linked && other && t->wait.list == &other->joiners ? other : NULL;
}

/* What ends its wait at the latest: the wait's own limit, or one of task.timeout around it. */
static const Deadline *limit_of(const Task *t)
{
  const Deadline *limit = t->deadline.index ? &t->deadline : NULL;
  for (const Scope *s = t->scopes; s; s = s->outer)
    if (s->deadline.index && (limit == NULL || s->deadline.due < limit->due)) limit = &s->deadline;
  return limit;
}

static void look_wait(lua_State *L, const Task *t, const Deadline *limit)
{
  const Task *other = joined(t);
  look_string(L, "waits_for", t->wait.what);
  if (t->since) look_number(L, "since", look_since(t->since));
  if (other) {
    look_integer(L, "joins", (lua_Integer)other->id);
    push_task(L, other);
    push_label(L, (Task *)other);
    lua_setfield(L, -3, "joins_label");
    lua_pop(L, 1);
  }
  if (limit) {
    uint64_t now = uv_hrtime() / 1000000, due = limit->due;
    look_number(L, "times_out_in", due > now ? (double)(due - now) / 1000 : 0);
  }
}

/* The table of the task goes on top. */
static void look_task(lua_State *L, Task *t)
{
  bool runnable = t->state == TASK_RUNNING || t->queued;
  const Deadline *limit = limit_of(t);
  lua_newtable(L);
  look_integer(L, "id", (lua_Integer)t->id);
  look_string(L, "state", state_of(t));
  look_flag(L, "dispatch", t->daemon);
  look_flag(L, "cancelled", t->root.cancelled);
  look_flag(L, "alive", runnable || (limit && !limit->unref));
  push_task(L, t);
  push_label(L, t);
  lua_setfield(L, -3, "label");
  if (lua_type(L, -1) == LUA_TUSERDATA) {
    lua_getiuservalue(L, -1, TASK_NAME);
    lua_setfield(L, -3, "name");
    look_parents(L);
  }
  lua_pop(L, 1);
  look_stack(L, t);
  if (t->state == TASK_WAITING && t->wait.what)
    look_wait(L, t, limit);
  else if (t->state == TASK_RUNNING)
    look_number(L, "since", look_since(t->rt->resumed_at));
}

/* tasks() -> list of tables, the oldest first */
static int l_tasks(lua_State *L)
{
  Task *t = rt_get(L)->tasks;
  lua_Integer n = 0;
  luaL_checkstack(L, 20, NULL);
  lua_newtable(L);
  while (t && t->next) t = t->next;
  for (; t; t = t->prev) {
    look_task(L, t);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

static void look_handle(lua_State *L, Handle *h)
{
  lua_newtable(L);
  look_string(L, "kind", h->type->name + strlen("procrun."));
  look_flag(L, "dropped", h->dropped);
  lua_pushlightuserdata(L, h);
  lua_setfield(L, -2, "address");
  if (h->uv) look_flag(L, "alive", uv_is_active(h->uv) && uv_has_ref(h->uv));
  if (h->type->look) h->type->look(h, L);
}

/* handles() -> list of tables, the oldest first */
static int l_handles(lua_State *L)
{
  Handle *h = rt_get(L)->handles;
  lua_Integer n = 0;
  luaL_checkstack(L, 20, NULL);
  lua_newtable(L);
  while (h && h->next) h = h->next;
  for (; h; h = h->prev) {
    look_handle(L, h);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

typedef struct Walk {
  lua_State *L;
  Runtime *rt;
  lua_Integer count;
} Walk;

static void on_handle(uv_handle_t *handle, void *arg)
{
  Walk *walk = arg;
  if (handle == (uv_handle_t *)&walk->rt->timer || handle == (uv_handle_t *)&walk->rt->wake) return;
  if (!uv_is_active(handle) || !uv_has_ref(handle)) return;
  lua_pushstring(walk->L, uv_handle_type_name(handle->type));
  lua_rawseti(walk->L, -2, ++walk->count);
}

/* loop() -> {turns, uptime, tasks_started, ready, requests, deadlines (that keep it alive), heap (bytes
   of Lua's; nil inside a finalizer), held (types of libuv's handles that do), exiting, exit_code} */
static int l_loop(lua_State *L)
{
  Runtime *rt = rt_get(L);
  lua_Integer ready = 0;
  for (Task *t = rt->ready_head; t; t = t->next_ready) ready++;
  luaL_checkstack(L, 20, NULL);
  lua_newtable(L);
  look_integer(L, "turns", (lua_Integer)rt->loop_turns);
  look_number(L, "uptime", look_since(rt->started));
  look_integer(L, "tasks_started", (lua_Integer)rt->task_count);
  look_integer(L, "ready", ready);
  look_integer(L, "requests", (lua_Integer)rt->loop.active_reqs.count);
  look_integer(L, "deadlines", (lua_Integer)rt->heap_refs);
  int kb = lua_gc(L, LUA_GCCOUNT); /* negative inside a finalizer */
  if (kb >= 0) look_integer(L, "heap", kb * INT64_C(1024) + lua_gc(L, LUA_GCCOUNTB));
  look_flag(L, "exiting", rt->exiting);
  if (rt->exiting) look_integer(L, "exit_code", rt->exit_code);
  lua_newtable(L);
  Walk walk = {L, rt, 0};
  uv_walk(&rt->loop, on_handle, &walk);
  lua_setfield(L, -2, "held");
  return 1;
}

/* link(path) -> what a symbolic link says | nil */
static int l_link(lua_State *L)
{
  char target[512];
  ssize_t n = readlink(luaL_checkstring(L, 1), target, sizeof target);
  if (n < 0) return 0;
  lua_pushlstring(L, target, (size_t)n);
  return 1;
}

/* command(pid) -> its arguments with blanks between them, cut at 200 bytes | nil */
static int l_command(lua_State *L)
{
  char path[40], text[201];
  snprintf(path, sizeof path, "/proc/%d/cmdline", (int)luaL_checkinteger(L, 1));
  FILE *f = fopen(path, "re");
  if (f == NULL) return 0;
  size_t n = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  while (n > 0 && text[n - 1] == 0) n--;
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)text[i] < ' ') text[i] = ' ';
  if (n == 0) return 0;
  lua_pushlstring(L, text, n);
  return 1;
}

int luaopen_procrun_core_procrun(lua_State *L)
{
  static const luaL_Reg functions[] = {{"tasks", l_tasks}, {"handles", l_handles}, {"loop", l_loop},
                                       {"link", l_link},   {"command", l_command}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
