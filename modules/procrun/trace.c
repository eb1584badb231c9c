/* trace.c - procrun --trace for Lua: local core = require "procrun.core.trace". */
#include "runtime/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/vm.h"

/* category(name) -> number | nil */
static int l_category(lua_State *L)
{
  size_t size;
  const char *name = luaL_checklstring(L, 1, &size);
  unsigned category = trace_category(name, size);
  if (category == 0) return 0;
  lua_pushinteger(L, category);
  return 1;
}

/* names() -> list */
static int l_names(lua_State *L)
{
  lua_newtable(L);
  for (unsigned i = 0; trace_name(i); i++) {
    lua_pushstring(L, trace_name(i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int l_end(lua_State *L)
{
  trace_start(rt_get(L), 0, -1);
  return 0;
}

/* start(categories, [path], [append]) -> true | nil, message, code; without a path: standard error */
static int l_start(lua_State *L)
{
  unsigned categories = (unsigned)luaL_checkinteger(L, 1);
  const char *path = luaL_optstring(L, 2, NULL);
  int fd = -1, how = lua_toboolean(L, 3) ? 0 : O_TRUNC;
  if (path) {
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | how, 0666);
    if (fd < 0) return err_push(L, -errno, "trace: %s", path);
  }
  vm_at_close(L, l_end);
  trace_start(rt_get(L), categories, fd);
  lua_pushboolean(L, 1);
  return 1;
}

int luaopen_procrun_core_trace(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"category", l_category}, {"names", l_names}, {"start", l_start}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
