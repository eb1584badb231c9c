/* guest.c - C modules are loaded and opened so that they find what they would find in lua. */
#include "runtime/guest.h"

#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/forked.h"
#include "runtime/late.h"
#include "runtime/signals.h"
#include "runtime/stdio.h"

/* luaopen_…, upvalue 1, in the main state, where lua would run it: a library may keep its lua_State,
   as luv does for its callbacks, and the coroutine that requires it ends before the library does. */
static int l_open(lua_State *L)
{
  lua_State *main = rt_get(L)->L;
  int n = lua_gettop(L), base = lua_gettop(main);
  if (main == L) return lua_tocfunction(L, lua_upvalueindex(1))(L);
  luaL_checkstack(main, n + 1, "too many arguments");
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_xmove(L, main, n + 1);
  int status = lua_pcall(main, n, LUA_MULTRET, 0);
  n = lua_gettop(main) - base;
  luaL_checkstack(L, n, "too many results");
  lua_xmove(main, L, n);
  return status == LUA_OK ? n : lua_error(L);
}

/* package.loadlib and the searchers of C modules: upvalue 1 is theirs, 2 the function itself. */
static int l_load(lua_State *L)
{
  late_share_libm(); /* many modules count on their host for it */
  forked_watch(rt_get(L));
  const char *symbol = lua_tostring(L, 2); /* what loadlib is asked for */
  bool opens = symbol == NULL || strncmp(symbol, "luaopen_", 8) == 0;
  int n = lua_tocfunction(L, lua_upvalueindex(2))(L);
  if (!opens || !lua_iscfunction(L, -n)) return n;
  lua_pushvalue(L, -n);
  lua_pushcclosure(L, l_open, 1);
  lua_replace(L, -n - 1);
  return n;
}

/* Replaces the C function on top. */
static void wrap_loader(lua_State *L)
{
  lua_CFunction f = lua_tocfunction(L, -1);
  if (lua_getupvalue(L, -1, 1) == NULL) lua_pushnil(L);
  lua_pushcfunction(L, f);
  lua_pushcclosure(L, l_load, 2);
  lua_replace(L, -2);
}

static void exit_now(Runtime *rt)
{
  stdio_flush_now(rt);
  if (rt->exit_signal) signals_die(rt->exit_signal);
  exit(rt->exit_code);
}

void guest_define(lua_State *L)
{
  rt_get(L)->exit_now = exit_now;
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "loadlib");
  wrap_loader(L);
  lua_setfield(L, -2, "loadlib");
  lua_getfield(L, -1, "searchers");
  for (int i = 3; i <= 4; i++) {
    lua_rawgeti(L, -1, i);
    wrap_loader(L);
    lua_rawseti(L, -2, i);
  }
  lua_pop(L, 2);
}
