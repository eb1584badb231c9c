/* dump.c - SIGUSR1: what the process does goes to standard error, as procrun.dump() writes it. */
#include "runtime/dump.h"

#include <lauxlib.h>
#include <signal.h>
#include <stdio.h>

#include "runtime/tick.h"
#include "runtime/vm.h"

static const char MODULE[] = "procrun.procrun.dump";

static volatile sig_atomic_t asked;

/* () -> the text */
static int l_text(lua_State *L)
{
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, MODULE) != LUA_TTABLE) {
    vm_push_builtin(L, MODULE);
    lua_call(L, 0, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, -4, MODULE);
  }
  lua_getfield(L, -1, "text");
  lua_call(L, 0, 1);
  return 1;
}

/* What Lua's stack holds stays as it is. */
static void write_text(lua_State *L)
{
  if (!asked || rt_get(L)->closing || !lua_checkstack(L, 4)) return;
  asked = 0;
  lua_pushcfunction(L, l_text);
  int status = lua_pcall(L, 0, 1, 0);
  size_t size = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
  if (text && status == LUA_OK)
    fwrite(text, 1, size, stderr);
  else
    fprintf(stderr, "procrun: SIGUSR1: %s\n", text ? text : "nothing can be told");
  lua_pop(L, 1);
}

void dump_ask(Runtime *rt)
{
  asked = 1;
  tick_set(TICK_DUMP, write_text);
  tick_arm(rt, TICK_DUMP);
}

void dump_write(Runtime *rt)
{
  write_text(rt->L);
}
