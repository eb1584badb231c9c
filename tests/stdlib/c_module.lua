-- To a C module a file that waits is a luaL_Stream as any other.
-- build: no-sanitize
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local c_module = require "tests.lib.c_module"

local dir <close> = assert(fs.temp_dir())
c_module.build(dir.path, "cfile", [[
#include <lua.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

static int l_read(lua_State *L)
{
  luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  size_t size = (size_t)luaL_checkinteger(L, 2);
  char bytes[1000];
  lua_pushlstring(L, bytes, fread(bytes, 1, size, file->f));
  lua_pushboolean(L, feof(file->f) != 0);
  return 2;
}

static int l_gets(lua_State *L)
{
  luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  char line[1000];
  lua_pushstring(L, fgets(line, sizeof line, file->f));
  return 1;
}

static int l_print(lua_State *L)
{
  luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  lua_pushinteger(L, fprintf(file->f, "<%s>\n", luaL_checkstring(L, 2)));
  return 1;
}

int luaopen_cfile(lua_State *L)
{
  lua_newtable(L);
  lua_pushcfunction(L, l_read);
  lua_setfield(L, -2, "read");
  lua_pushcfunction(L, l_gets);
  lua_setfield(L, -2, "gets");
  lua_pushcfunction(L, l_print);
  lua_setfield(L, -2, "print");
  return 1;
}
]])
local cfile = require "cfile"

-- C and Lua read by turns.
local f = io.popen("echo one; sleep 0.05; echo two; echo three; echo four; printf 'end'")
check.eq(f:read(), "one")
check.eq(cfile.gets(f), "two\n")
check.eq(cfile.read(f, 3), "thr")
check.eq(f:read(), "ee")
check.eq(cfile.gets(f), "four\n")
check.values({cfile.read(f, 10)}, "end", true)
check.eq(f:read("a"), "")
f:close()

-- They write by turns, more than a pipe takes.
local out = check.tmp("out")
f = io.popen("sleep 0.05; cat >'" .. out .. "'", "w")
local line = ("x"):rep(900)
for _ = 1, 200 do
  check.eq(cfile.print(f, "c"), 4)
  f:write(line, "\n")
end
assert(f:close())
check.eq(check.read(out), ("<c>\n" .. line .. "\n"):rep(200))

-- A child may be given one.
f = io.popen("echo first; cat", "r")
check.eq(proc.run("head", {"-n", "1"}, {stdin = f, input = nil}).stdout, "first\n")
f:close()
f = io.popen("cat >'" .. out .. "'", "w")
f:write("ours\n")
assert(proc.run("echo", {"its"}, {stdout = f}).ok)
f:write("ours again\n")
f:close()
check.eq(check.read(out), "ours\nits\nours again\n")
