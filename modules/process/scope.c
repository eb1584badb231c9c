/* scope.c - a directory and an environment of a task's own.
   local core = require "procrun.core.scope" */
#include "modules/modules.h"
#include "runtime/context.h"
#include "runtime/err.h"
#include "runtime/opt.h"

/* open(directory | nil, {variables = {"NAME=value", …}}) -> scope | nil, message, code; without
   variables the environment stays */
static int l_open(lua_State *L)
{
  const char *path = luaL_optstring(L, 1, NULL);
  char **vars = lua_getfield(L, 2, "variables") == LUA_TNIL ? NULL : opt_strings(L, 2, "variables");
  Setting *s = setting_new(L, "scope");
  int error = 0;
  if (path) s->place = place_open(path, &error);
  if (error < 0) return err_push(L, error, "scope: cwd %s", path);
  if (vars) s->environment = environment_new(vars);
  if (vars && s->environment == NULL) {
    place_drop(s->place);
    return err_push(L, UV_ENOMEM, "scope");
  }
  setting_open(L, s);
  return 1;
}

int luaopen_procrun_core_scope(lua_State *L)
{
  static const luaL_Reg functions[] = {{"open", l_open}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
