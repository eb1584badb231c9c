/* bell.c - a wait list that several owners share. */
#include "runtime/bell.h"

#include <stdlib.h>

static const char BELL[] = "procrun.list";

Bell *bell_new(lua_State *L)
{
  Bell *bell = calloc(1, sizeof *bell);
  if (bell == NULL) luaL_error(L, "not enough memory");
  bell->refs = 1;
  bell->rung = true;
  return bell;
}

void bell_ref(Bell *bell)
{
  bell->refs++;
}

void bell_unref(Bell *bell)
{
  if (bell && --bell->refs == 0) free(bell);
}

void bell_ring(Bell *bell)
{
  if (bell == NULL) return;
  bell->rung = true;
  wait_wake_all(&bell->list);
  wait_wake_all(&bell->taker);
}

void bell_call(Bell *bell)
{
  if (bell) wait_wake_all(&bell->taker);
}

void bell_end(Bell *bell)
{
  if (bell && !bell->running) bell_ring(bell);
}

void bell_push(lua_State *L, Bell *bell)
{
  Bell **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = bell;
  bell_ref(bell);
  luaL_setmetatable(L, BELL);
}

Bell *bell_check(lua_State *L, int arg)
{
  Bell **box = luaL_checkudata(L, arg, BELL);
  return *box;
}

static int l_gc(lua_State *L)
{
  Bell **box = lua_touserdata(L, 1);
  bell_unref(*box);
  *box = NULL;
  return 0;
}

void bell_define(lua_State *L, const luaL_Reg *methods)
{
  luaL_newmetatable(L, BELL);
  lua_pushcfunction(L, l_gc);
  lua_setfield(L, -2, "__gc");
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
