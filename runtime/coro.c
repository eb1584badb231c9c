/* coro.c - the coroutine library, pcall and xpcall with waits and cancels passing through.

   A wait inside a user's coroutine yields the runtime's token; resume and wrap hand it on outwards,
   up to the task, and back in. So generators, iterators and callbacks may wait like any code. */
#include <lauxlib.h>

#include "runtime/protect.h"
#include "runtime/task.h"

static lua_State *check_coroutine(lua_State *L)
{
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  return co;
}

/* Suspended inside a runtime wait: only the task that waits may resume it. */
static bool is_waiting(lua_State *co)
{
  return lua_status(co) == LUA_YIELD && lua_gettop(co) > 0 && wait_is_token(co, -1);
}

/* Has not begun: what stands on its stack is protect_body, with the function it is to call. */
static bool is_fresh(lua_State *co)
{
  return lua_status(co) == LUA_OK && lua_gettop(co) >= 2 && lua_tocfunction(co, 1) == protect_body;
}

/* Has returned. (A C library that starts one of ours leaves protect_body below the results.) */
static bool is_over(lua_State *co)
{
  int top = lua_gettop(co);
  return top == 0 || (top == 1 && lua_tocfunction(co, 1) == protect_body);
}

enum { PROPAGATE = -2, FAILED = -1 };
enum { MOST_LEVELS = 200 }; /* of coroutines inside each other, as LUAI_MAXCCALLS */

/* Runs co with the top nargs values of its own stack: number of values left on top of co. */
static int run(lua_State *L, lua_State *co, int nargs)
{
  Runtime *rt = rt_get(L);
  int nres;
  Frame frame = {co, rt->frames};
  rt_enter(rt, &frame);
  int status = lua_resume(co, L, nargs, &nres);
  rt_enter(rt, frame.up);
  if (status == LUA_YIELD && is_waiting(co)) return PROPAGATE;
  return status == LUA_OK || status == LUA_YIELD ? nres : FAILED;
}

/* Of the levels that Lua's C stack has, a coroutine takes two: its resume, and the call of its function
   by protect_body. Deep inside others it takes one: the function is called by STARTER, Lua code that
   has yielded once and goes on as a resumed coroutine does, in the frame of lua_resume. */
static const char STARTER[] = "local start, f = ... return f(start())";

static int l_start(lua_State *L)
{
  return lua_yield(L, 0);
}

static bool is_deep(Runtime *rt, int deep)
{
  int n = 0;
  for (Frame *f = rt->frames; f && n < deep; f = f->up) n++;
  return n == deep;
}

static void push_starter(lua_State *L)
{
  static const char key;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) != LUA_TNIL) return;
  lua_pop(L, 1);
  if (luaL_loadbufferx(L, STARTER, sizeof STARTER - 1, "=[C]", "t") != LUA_OK) lua_error(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
}

/* Runs co for the first time; on its stack: protect_body, its function, nargs arguments. */
static int run_fresh(lua_State *L, lua_State *co, int nargs)
{
  if (!is_deep(rt_get(L), 8)) return run(L, co, nargs + 1);
  luaL_checkstack(L, nargs + 2, "too many arguments to resume");
  luaL_checkstack(co, 2, "too many arguments to resume");
  lua_xmove(co, L, nargs);
  push_starter(L);
  lua_pushcfunction(L, l_start);
  lua_xmove(L, co, 2);
  lua_rotate(co, -3, 2); /* protect_body STARTER l_start f */
  int n = run(L, co, 3);
  if (n != 0 || lua_status(co) != LUA_YIELD) {
    lua_pop(L, nargs);
    return n;
  }
  lua_xmove(L, co, nargs);
  return run(L, co, nargs);
}

static const char TOO_MANY[] = "too many results to resume";

static bool move_results(lua_State *L, lua_State *co, int n)
{
  bool fit = lua_checkstack(L, n + 1);
  if (fit)
    lua_xmove(co, L, n);
  else
    lua_pop(co, n);
  return fit;
}

/* Moves nargs arguments over; NULL, or why co cannot be resumed. */
static const char *prepare(lua_State *L, lua_State *co, int nargs)
{
  if (is_waiting(co)) return "cannot resume a coroutine that waits inside the runtime";
  if (!lua_checkstack(co, nargs)) return "too many arguments to resume";
  if (lua_status(co) == LUA_OK) {
    lua_Debug ar;
    if (co == L || lua_getstack(co, 0, &ar)) return "cannot resume non-suspended coroutine";
    if (is_over(co)) return "cannot resume dead coroutine";
  } else if (lua_status(co) != LUA_YIELD) {
    return "cannot resume dead coroutine";
  }
  lua_xmove(L, co, nargs);
  return NULL;
}

static int after_wait(lua_State *L, int status, lua_KContext ctx);

static int end_resume(lua_State *L, lua_State *co, int n)
{
  if (n == PROPAGATE) return wait_yield(L, (lua_KContext)co, after_wait);
  if (n >= 0) {
    lua_pushboolean(L, 1);
    if (move_results(L, co, n)) return 1 + n;
    lua_pushboolean(L, 0);
    lua_pushstring(L, TOO_MANY);
    return 2;
  }
  lua_xmove(co, L, 1);
  wait_settle(L);
  if (scope_is_cancel(L, -1)) {
    lua_resetthread(co);
    return lua_error(L);
  }
  Task *t = rt_get(L)->current;
  if (t) t->returned = true;
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static int after_wait(lua_State *L, int status, lua_KContext ctx)
{
  lua_State *co = (lua_State *)ctx;
  (void)status;
  lua_pop(co, 1); /* the token */
  return end_resume(L, co, run(L, co, 0));
}

static int l_resume(lua_State *L)
{
  lua_State *co = check_coroutine(L);
  int nargs = lua_gettop(L) - 1;
  bool fresh = is_fresh(co);
  const char *why = prepare(L, co, nargs);
  if (why) {
    lua_pushboolean(L, 0);
    lua_pushstring(L, why);
    return 2;
  }
  return end_resume(L, co, fresh ? run_fresh(L, co, nargs) : run(L, co, nargs));
}

static int after_wrapped_wait(lua_State *L, int status, lua_KContext ctx);

static int end_wrapped(lua_State *L, lua_State *co, int n)
{
  if (n == PROPAGATE) return wait_yield(L, (lua_KContext)co, after_wrapped_wait);
  if (n >= 0) return move_results(L, co, n) ? n : luaL_error(L, TOO_MANY);
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) lua_resetthread(co);
  lua_xmove(co, L, 1);
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) { /* as Lua's own wrap does */
    lua_pushvalue(L, -1);
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    protect_retarget(L, -2, -1);
  }
  return lua_error(L);
}

static int after_wrapped_wait(lua_State *L, int status, lua_KContext ctx)
{
  lua_State *co = (lua_State *)ctx;
  (void)status;
  lua_pop(co, 1);
  return end_wrapped(L, co, run(L, co, 0));
}

static int l_wrapped(lua_State *L)
{
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int nargs = lua_gettop(L);
  bool fresh = is_fresh(co);
  const char *why = prepare(L, co, nargs);
  if (why) return luaL_error(L, "%s", why);
  return end_wrapped(L, co, fresh ? run_fresh(L, co, nargs) : run(L, co, nargs));
}

/* Its body is protected, so that its __close handlers may wait when a cancel (or, for wrap, an
   error) ends it. */
static int l_create(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushcfunction(co, protect_body);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  return 1;
}

static int l_wrap(lua_State *L)
{
  l_create(L);
  lua_pushcclosure(L, l_wrapped, 1);
  return 1;
}

static Task *current_base(lua_State *L)
{
  Task *t = rt_get(L)->current;
  return t && t->co == L ? t : NULL;
}

static int l_yield(lua_State *L)
{
  if (current_base(L)) return luaL_error(L, "attempt to yield from outside a coroutine");
  return lua_yield(L, lua_gettop(L));
}

static int l_running(lua_State *L)
{
  bool is_main = lua_pushthread(L) || current_base(L) != NULL;
  lua_pushboolean(L, is_main);
  return 2;
}

static int l_isyieldable(lua_State *L)
{
  lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);
  lua_pushboolean(L, lua_isyieldable(co) && current_base(co) == NULL);
  return 1;
}

static const char *status_of(lua_State *L, lua_State *co)
{
  lua_Debug ar;
  if (co == L) return "running";
  if (lua_status(co) == LUA_YIELD) return is_waiting(co) ? "normal" : "suspended";
  if (lua_status(co) != LUA_OK) return "dead";
  if (lua_getstack(co, 0, &ar)) return "normal";
  return is_over(co) ? "dead" : "suspended";
}

static int l_status(lua_State *L)
{
  lua_pushstring(L, status_of(L, check_coroutine(L)));
  return 1;
}

static int l_close(lua_State *L)
{
  lua_State *co = check_coroutine(L);
  const char *status = status_of(L, co);
  if (status[0] != 'd' && status[0] != 's')
    return luaL_error(L, "cannot close a %s coroutine", status);
  /* Handlers that close others in turn: Lua before 5.4.5 counts no levels here, and crashes. */
  if (is_deep(rt_get(L), MOST_LEVELS)) return luaL_error(L, "C stack overflow");
  Frame frame = {co, rt_get(L)->frames}; /* for the message of a handler that wants to wait */
  rt_enter(rt_get(L), &frame);
  int result = lua_resetthread(co);
  rt_enter(rt_get(L), frame.up);
  if (result == LUA_OK) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushboolean(L, 0);
  lua_xmove(co, L, 1);
  return 2;
}

void coro_define(lua_State *L)
{
  static const luaL_Reg library[] = {{"resume", l_resume},
                                     {"wrap", l_wrap},
                                     {"create", l_create},
                                     {"yield", l_yield},
                                     {"running", l_running},
                                     {"close", l_close},
                                     {"status", l_status},
                                     {"isyieldable", l_isyieldable},
                                     {NULL, NULL}};
  lua_getglobal(L, "coroutine");
  luaL_setfuncs(L, library, 0);
  lua_pop(L, 1);
}
