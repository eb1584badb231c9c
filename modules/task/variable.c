/* variable.c - the values of variables that belong to tasks.
   local core = require "procrun.core.variable" */
#include "modules/modules.h"
#include "runtime/context.h"

/* get(variable) -> the value that it has for this task | nil */
static int l_get(lua_State *L)
{
  luaL_checkany(L, 1);
  context_push_value(L, 1);
  return 1;
}

/* set(variable, value) -> scope */
static int l_set(lua_State *L)
{
  luaL_checkany(L, 1);
  lua_settop(L, 2);
  Setting *s = setting_new(L, "set");
  s->is_variable = true;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, SETTING_VARIABLE);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, -2, SETTING_VALUE);
  setting_open(L, s);
  return 1;
}

int luaopen_procrun_core_variable(lua_State *L)
{
  static const luaL_Reg functions[] = {{"get", l_get}, {"set", l_set}, {NULL, NULL}};
  luaL_newlib(L, functions);
  setting_push_methods(L);
  lua_setfield(L, -2, "scope_methods");
  return 1;
}
