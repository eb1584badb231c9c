-- A umask or a directory that a C module sets when scopes are in use counts for the threads of fs.
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
c_module.build(root, "raw", [[
#include <lauxlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int l_umask(lua_State *L)
{
  umask((mode_t)luaL_checkinteger(L, 1));
  return 0;
}

static int l_chdir(lua_State *L)
{
  lua_pushboolean(L, chdir(luaL_checkstring(L, 1)) == 0);
  return 1;
}

int luaopen_raw(lua_State *L)
{
  static const luaL_Reg functions[] = {{"umask", l_umask}, {"chdir", l_chdir}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
]])
local raw = require "raw"
fs.mkdir(root .. "/a")

local scope = assert(proc.scope { cwd = root })
fs.write("first", "") -- the thread has its own from now on
for _, mask in ipairs { 63, 18, 0 } do -- 077, 022, 0
  raw.umask(mask)
  for i = 1, 4 do
    local file = assert(fs.open(("f%d-%d"):format(mask, i), "w"))
    file:close()
    check.eq(fs.stat(("f%d-%d"):format(mask, i)).mode, 438 & ~mask)
  end
  check.eq(proc.run("sh", { "-c", "umask" }):text(), ("%04o"):format(mask))
end
scope:close()

-- Outside of scopes, its chdir is the process's.
check.eq(raw.chdir(root .. "/a"), true)
check.eq(fs.realpath ".", root .. "/a")
do
  local _ <close> = assert(proc.scope { cwd = "/" })
  task.sleep(0)
  check.eq(fs.realpath ".", "/")
end
check.eq(process.cwd(), root .. "/a")
check.eq(fs.realpath ".", root .. "/a")
