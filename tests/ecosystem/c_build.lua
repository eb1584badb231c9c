-- Building a C module as the page says: by procrun --config, and by Meson where it is installed; it
-- is linked to no library of Lua, and loads in procrun and in lua.
-- requires: cc
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local top = os.getenv("TMPDIR")
check.write(top .. "/counter.c", [[
  #include <lua.h>
  #include <lauxlib.h>
  static int l_next(lua_State *L) {
    lua_Integer n = lua_tointeger(L, lua_upvalueindex(1)) + 1;
    lua_pushinteger(L, n);
    lua_copy(L, -1, lua_upvalueindex(1));
    return 1;
  }
  static int l_new(lua_State *L) {
    lua_pushinteger(L, luaL_optinteger(L, 1, 0));
    lua_pushcclosure(L, l_next, 1);
    return 1;
  }
  LUAMOD_API int luaopen_counter(lua_State *L) {
    static const luaL_Reg list[] = {{"new", l_new}, {NULL, NULL}};
    luaL_newlib(L, list);
    return 1;
  }]])

local SCRIPT <const> = "local next = require 'counter'.new(5) print(next(), next())"
local function use(interpreter, dir)
  local r = proc.run(interpreter, {"-e", SCRIPT}, {extend_env = {LUA_CPATH = dir .. "/?.so"}})
  if r.errno == "ENOENT" then return end
  check.eq(r.stdout, "6\t7\n", r.stderr)
end

local cflags = c_module.cflags()
local build = ("cc -shared -fPIC %s counter.c -o counter.so"):format(cflags)
proc.exec(build, {cwd = top}):wait():check()
use(process.exec_path, top)
use("lua5.4", top)

if proc.which("meson") and proc.run("pkg-config", {"--exists", "lua5.4"}).ok then
  local page = check.read("modules/procrun/ecosystem.md")
  fs.mkdir(top .. "/by_meson")
  fs.rename(top .. "/counter.c", top .. "/by_meson/counter.c")
  check.write(top .. "/by_meson/meson.build",
    "project('counter', 'c')\n" .. page:match("```meson\n(.-)```"))
  proc.run("meson", {"setup", "build"}, {cwd = top .. "/by_meson"}):check()
  proc.run("meson", {"compile", "-C", "build"}, {cwd = top .. "/by_meson"}):check()
  use(process.exec_path, top .. "/by_meson/build")
  use("lua5.4", top .. "/by_meson/build")
else
  print("not tried: Meson, or Lua's pkg-config file, is not installed")
end
