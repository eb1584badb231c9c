/* file_child.c - os.execute and io.popen: children that tasks wait for (stdlib.lua starts them). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/err.h"
#include "runtime/file.h"
#include "runtime/stdio.h"
#include "runtime/task.h"
#include "runtime/vm.h"

/* Pushes the function of that name of stdlib.lua, which is loaded when it is first needed. */
static void push_function(lua_State *L, const char *name)
{
  vm_push_hook(L, name);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  vm_push_builtin(L, "procrun.runtime.stdlib");
  lua_call(L, 0, 0);
  vm_push_hook(L, name);
}

/* What was printed before comes first: Lua's own function waits for its child. */
static int original(lua_State *L)
{
  stdio_flush_now(rt_get(L));
  return file_original(L);
}

/* nil, [file: ]message, errno for the name of an error on top: "EAGAIN" */
static int fail(lua_State *L, const char *file)
{
  enum { MOST = 200 };
  const char *name = lua_tostring(L, -1);
  errno = 0;
  for (int e = 1; e < MOST && errno == 0; e++)
    if (strcmp(err_code(-e), name) == 0) errno = e;
  return luaL_fileresult(L, 0, file);
}

/* true or nil, "exit" or "signal", number; or nil and the name of an error: above the command */
static int end_execute(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  return lua_gettop(L) == 3 ? fail(L, NULL) : 3;
}

/* os.execute([command]) */
static int l_execute(lua_State *L)
{
  const char *command = luaL_optstring(L, 1, NULL);
  if (command == NULL || !task_can_wait(L)) return original(L);
  lua_settop(L, 1);
  push_function(L, "execute");
  lua_pushstring(L, command); /* up to a NUL byte, as C takes it */
  lua_callk(L, 1, LUA_MULTRET, 0, end_execute);
  return end_execute(L, LUA_OK, 0);
}

/* Above the command: stream, child, name; or nil and the name of an error. */
static int end_popen(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  if (lua_isnil(L, 2)) {
    lua_settop(L, 3);
    return fail(L, lua_tostring(L, 1));
  }
  file_push(L, 2, lua_tostring(L, 4));
  lua_pushvalue(L, 3);
  lua_setiuservalue(L, -2, FILE_CHILD);
  return 1;
}

/* io.popen(command, [mode]) */
static int l_popen(lua_State *L)
{
  const char *command = luaL_checkstring(L, 1), *mode = luaL_optstring(L, 2, "r");
  luaL_argcheck(L, (*mode == 'r' || *mode == 'w') && mode[1] == 0, 2, "invalid mode");
  Runtime *rt = rt_get(L);
  if (rt->current == NULL || rt->forked)
    return original(L); /* at the very end, or without a loop */
  lua_settop(L, 1);
  push_function(L, "popen");
  lua_pushstring(L, command);
  lua_pushboolean(L, *mode == 'r');
  lua_callk(L, 2, 3, 0, end_popen);
  return end_popen(L, LUA_OK, 0);
}

const luaL_Reg file_child_io[] = {{"popen", l_popen}, {NULL, NULL}};
const luaL_Reg file_child_os[] = {{"execute", l_execute}, {NULL, NULL}};
