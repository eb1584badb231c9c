/* config.c - what the build knows of itself, for config.lua.
   local core = require "procrun.core.config": facts() -> table of strings */
#include "config.h"

#include <lauxlib.h>
#include <uv.h>

#include "modules/modules.h"

/* facts() -> table; lmod_dir and cmod_dir are the whole search paths that Lua was built with */
static int l_facts(lua_State *L)
{
  const struct {
    const char *name, *value;
  } facts[] = {
      {"version", PROCRUN_VERSION},
      {"libuv", uv_version_string()},
      {"lua", LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE},
      {"prefix", CONFIG_PREFIX},
      {"data", CONFIG_DATA},
      {"doc", CONFIG_DOC},
      {"cflags", CONFIG_CFLAGS},
      {"linked", CONFIG_LINKED},
      {"kind", CONFIG_KIND},
      {"platform", CONFIG_PLATFORM},
      {"machine", CONFIG_MACHINE},
      {"lmod_dir", LUA_PATH_DEFAULT},
      {"cmod_dir", LUA_CPATH_DEFAULT},
  };
  lua_createtable(L, 0, sizeof facts / sizeof *facts);
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    lua_pushstring(L, facts[i].value);
    lua_setfield(L, -2, facts[i].name);
  }
  return 1;
}

int luaopen_procrun_core_config(lua_State *L)
{
  static const luaL_Reg functions[] = {{"facts", l_facts}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
