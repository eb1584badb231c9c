/* protect.c - protected calls that let cancels pass: the globals pcall and xpcall, and our own. */
#include "runtime/protect.h"

#include <lauxlib.h>
#include <string.h>

static char trace_marker; /* its address stands below the traceback a dead coroutine keeps */

static void push_task(lua_State *L, Task *t)
{
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
}

void protect_push_trace(lua_State *L, Task *t, int index)
{
  index = lua_absindex(L, index);
  if (!t->traced) {
    lua_pushnil(L);
    return;
  }
  push_task(L, t);
  lua_getiuservalue(L, -1, TASK_ERROR);
  bool same = lua_rawequal(L, -1, index);
  lua_pop(L, 1);
  if (same)
    lua_getiuservalue(L, -1, TASK_TRACE);
  else
    lua_pushnil(L);
  lua_remove(L, -2);
}

/* Stores the traceback on top (popped) for the error at index. */
static void keep_trace(lua_State *L, Task *t, int index)
{
  index = lua_absindex(L, index);
  push_task(L, t);
  lua_insert(L, -2);
  lua_setiuservalue(L, -2, TASK_TRACE);
  lua_pushvalue(L, index);
  lua_setiuservalue(L, -2, TASK_ERROR);
  lua_pop(L, 1);
  t->traced = true;
  t->returned = false;
  t->traced_in = L;
}

/* Message handler: the first traceback of an error is the whole one; passing from one coroutine
   to the one that resumed it adds that one's. */
static int on_error(lua_State *L)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || t->ref == LUA_NOREF || scope_is_cancel(L, 1)) return 1;
  protect_push_trace(L, t, 1);
  if (lua_isnil(L, -1)) {
    protect_traceback(L);
  } else if (t->traced_in != L) {
    lua_pushstring(L, t->traced_in ? "\nresumed from\n" : "\nwaited for in\n");
    protect_traceback(L);
    lua_concat(L, 3);
  } else {
    t->returned = false;
    lua_settop(L, 1);
    return 1;
  }
  keep_trace(L, t, 1);
  lua_settop(L, 1);
  return 1;
}

bool protect_push_pending(lua_State *L)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || t->ref == LUA_NOREF || !t->traced || t->returned) return false;
  if (protect_close_depth(t) == 0) return false;
  push_task(L, t);
  lua_getiuservalue(L, -1, TASK_ERROR);
  lua_remove(L, -2);
  return true;
}

void protect_retarget(lua_State *L, int from, int to)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || !t->traced) return;
  to = lua_absindex(L, to);
  protect_push_trace(L, t, from);
  lua_State *in = t->traced_in;
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  keep_trace(L, t, to);
  t->traced_in = in;
}

void protect_adopt(lua_State *L, Task *from, int index)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || !from->traced) return;
  lua_getiuservalue(L, index, TASK_TRACE);
  keep_trace(L, t, -2);
  t->traced_in = NULL;
}

int protect_call(lua_State *L, int nargs, lua_KContext ctx, lua_KFunction k)
{
  lua_pushcfunction(L, on_error);
  lua_insert(L, 2);
  return k(L, lua_pcallk(L, nargs, LUA_MULTRET, 2, ctx, k), ctx);
}

/* The stack that debug.traceback(co) would show is gone: its text is left below the error. */
static int end_body(lua_State *L, int status, lua_KContext ctx)
{
  (void)ctx;
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 2;
  wait_settle(L);
  Task *t = rt_get(L)->current;
  if (t && t->traced) {
    lua_pushlightuserdata(L, &trace_marker);
    protect_push_trace(L, t, -2);
    lua_rotate(L, -3, 2);
  }
  return lua_error(L);
}

int protect_body(lua_State *L)
{
  lua_pushnil(L);
  lua_insert(L, 1);
  return protect_call(L, lua_gettop(L) - 2, 0, end_body);
}

/* pcall and xpcall catch neither a cancel, nor whatever an unwinding handler made of one: a call
   that spans the delivery of a cancel still in force goes on unwinding. */
static void pass_cancel(lua_State *L, int status, uint64_t since)
{
  bool failed = status != LUA_OK && status != LUA_YIELD;
  if (failed) wait_settle(L);
  if (failed && scope_is_cancel(L, -1)) lua_error(L);
  Scope *s = scope_spanning(L, since);
  if (s) scope_raise(L, s);
  Task *t = rt_get(L)->current;
  if (failed && t) t->traced = false;
}

/* ctx: how many values stand below the results, above bit 0; bits from 8 on: deliveries at entry */
static int end_pcall(lua_State *L, int status, lua_KContext ctx)
{
  pass_cancel(L, status, (uint64_t)ctx >> 8);
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)(ctx & 0xff);
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static lua_KContext make_context(int below)
{
  return (lua_KContext)(scope_deliveries() << 8) | below;
}

static int l_pcall(lua_State *L)
{
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1); /* the first result if there is no error */
  lua_insert(L, 1);
  lua_KContext ctx = make_context(0);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, ctx, end_pcall);
  return end_pcall(L, status, ctx);
}

/* The user's handler (upvalue 1) sees every error but a cancel. */
static int on_user_error(lua_State *L)
{
  if (scope_is_cancel(L, 1)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/* Lua's own debug.traceback, in this frame, so that it begins at our caller's. The frame of
   on_user_error, between a handler and the error, is neither counted nor shown. */
static int trace_live(lua_State *L, lua_State *co, int message)
{
  bool none = lua_isnoneornil(L, message), is_text = none || lua_isstring(L, message);
  if (!none && is_text) lua_tostring(L, message); /* of a number, too */
  size_t length = none || !is_text ? 0 : lua_rawlen(L, message) + 1;
  lua_settop(L, message + 1); /* so that the result stands above */
  int level = is_text ? (int)luaL_optinteger(L, message + 1, co == L) : 0;
  int handler = is_text && co == L ? protect_level_of(L, on_user_error) : 0;
  if (handler && handler <= level) {
    lua_pushinteger(L, level + 1);
    lua_replace(L, message + 1);
  }
  lua_tocfunction(L, lua_upvalueindex(1))(L);
  if (!is_text) return 1;
  if (handler > level) protect_hide_frame(L, level, length, handler);
  protect_tidy_traceback(L, co);
  return 1;
}

/* debug.traceback, which also knows how a dead coroutine has died. */
static int l_traceback(lua_State *L)
{
  lua_State *co = lua_tothread(L, 1);
  bool dead = co && co != L && lua_status(co) != LUA_OK && lua_status(co) != LUA_YIELD;
  bool kept = dead && lua_gettop(co) >= 3 && lua_checkstack(co, 1) &&
              lua_touserdata(co, -3) == (void *)&trace_marker && lua_isstring(co, -2);
  if (kept && (lua_isnoneornil(L, 2) || lua_isstring(L, 2))) {
    lua_settop(L, 2);
    bool message = !lua_isnil(L, 2);
    if (message) lua_pushliteral(L, "\n");
    lua_pushvalue(co, -2);
    lua_xmove(co, L, 1);
    if (message) lua_concat(L, 3);
    protect_tidy_traceback(L, NULL);
    return 1;
  }
  return trace_live(L, co ? co : L, co ? 2 : 1);
}

static int l_xpcall(lua_State *L)
{
  int n = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, on_user_error, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2); /* f handler true f args… */
  lua_KContext ctx = make_context(2);
  int status = lua_pcallk(L, n - 2, LUA_MULTRET, 2, ctx, end_pcall);
  return end_pcall(L, status, ctx);
}

/* How many values stand below the function that a protected call of ours runs; 0: not ours. */
static int values_below(lua_CFunction f)
{
  if (f == l_pcall) return 1;
  if (f == l_xpcall) return 3;
  return f == protect_body || task_is_protected(f) ? 2 : 0;
}

/* Does the protected call in this frame unwind? What it then calls, a __close handler, is not the
   function in its slot. (Without a value there, nothing lies between the call and its callee.) */
static bool unwinds(lua_State *L, lua_Debug *ar, lua_Debug *callee)
{
  lua_getinfo(L, "f", ar);
  int below = values_below(lua_tocfunction(L, -1));
  lua_pop(L, 1);
  if (below == 0 || lua_getlocal(L, ar, below + 1) == NULL) return false;
  lua_getinfo(L, "f", callee);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return !same;
}

static int count_handlers(lua_State *L)
{
  lua_Debug ar, callee;
  int count = 0;
  if (!lua_checkstack(L, 4)) return 0;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sn", &ar);
    bool metamethod = ar.name && strcmp(ar.namewhat, "metamethod") == 0;
    count += metamethod && strcmp(ar.name, "close") == 0;
    count += level > 0 && ar.what[0] == 'C' && unwinds(L, &ar, &callee);
    callee = ar;
  }
  return count;
}

int protect_close_depth(Task *t)
{
  int count = 0;
  for (Frame *f = t->rt->frames; f; f = f->up) count += count_handlers(f->L);
  return count;
}

void protect_define(lua_State *L)
{
  lua_register(L, "pcall", l_pcall);
  lua_register(L, "xpcall", l_xpcall);
  lua_getglobal(L, "debug");
  lua_getfield(L, -1, "traceback");
  lua_pushcclosure(L, l_traceback, 1);
  lua_setfield(L, -2, "traceback");
  lua_pop(L, 1);
}
