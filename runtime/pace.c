/* pace.c - when the collector works; the rules stand in pace.h. */
#include "runtime/pace.h"

#include <string.h>

enum { PACE_ROOM = 512 }; /* kB: small enough to stay in the processor's cache */

static int room_of(int kb)
{
  return kb / 5 > PACE_ROOM ? kb / 5 : PACE_ROOM;
}

/* A step of size 0 is a young collection, whatever Lua's own trigger says. */
static int collect(lua_State *L, Pace *pace)
{
  lua_gc(L, LUA_GCSTEP, 0);
  int kb = lua_gc(L, LUA_GCCOUNT);
  if (kb <= 2 * pace->base + PACE_ROOM) return kb;
  lua_gc(L, LUA_GCCOLLECT);
  return pace->base = lua_gc(L, LUA_GCCOUNT);
}

void pace_work(lua_State *L, int kb)
{
  Pace *pace = &rt_get(L)->pace;
  pace->seen = kb;
  if (kb < pace->base) pace->base = kb; /* the script has collected */
  if (pace->off || !lua_gc(L, LUA_GCISRUNNING)) return;
  if (kb >= pace->due) {
    pace->seen = kb = collect(L, pace);
    pace->due = kb + room_of(kb);
  } else if (pace->due > kb + room_of(kb)) { /* Lua has collected */
    pace->due = kb + room_of(kb);
  }
  lua_gc(L, LUA_GCRESTART);                /* the trigger is here and now … */
  lua_gc(L, LUA_GCSTEP, -2 * room_of(kb)); /* … and now that much further away */
}

void pace_start(lua_State *L)
{
  lua_gc(L, LUA_GCRESTART);
  pace_work(L, lua_gc(L, LUA_GCCOUNT));
}

/* collectgarbage([option, …]): as Lua's */
static int l_collectgarbage(lua_State *L)
{
  static const char *const choices[] = {"incremental", "generational", "setpause", "setstepmul"};
  const char *option = luaL_optstring(L, 1, "collect");
  Runtime *rt = rt_get(L);
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
    if (strcmp(option, choices[i]) == 0) rt->pace.off = true;
  int results = lua_tocfunction(L, lua_upvalueindex(1))(L);
  if (strcmp(option, "restart") == 0) pace_start(L);
  return results;
}

void pace_open(lua_State *L)
{
  lua_gc(L, LUA_GCGEN, 0, 0); /* before there is anything that this would have to look at */
  lua_gc(L, LUA_GCSTOP);      /* until the script begins: there is nothing to collect */
  rt_get(L)->pace.due = PACE_ROOM;
}

void pace_define(lua_State *L)
{
  lua_getglobal(L, "collectgarbage");
  lua_pushcclosure(L, l_collectgarbage, 1);
  lua_setglobal(L, "collectgarbage");
}
