-- A C module that was linked without -lm, as many are, finds libm in its host, as it does in lua.
-- requires: cc
local c_module = require "tests.lib.c_module"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
c_module.build(dir.path, "power", [[
  #include <lua.h>
  #include <lauxlib.h>
  double pow(double, double);
  double tgamma(double);
  static int l_power(lua_State *L)
  {
    lua_pushnumber(L, pow(luaL_checknumber(L, 1), 3));
    lua_pushnumber(L, tgamma(5));
    return 2;
  }
  int luaopen_power(lua_State *L)
  {
    lua_pushcfunction(L, l_power);
    return 1;
  }]])
local cube, gamma = require "power"(2)
assert(cube == 8 and math.abs(gamma - 24) < 1e-9)

-- Likewise where a module is loaded by hand, in a program that has not loaded any yet.
local script = ("print(package.loadlib('%s/power.so', 'luaopen_power')(nil)(2))"):format(dir.path)
local out = proc.run(process.exec_path, {"-e", script}):check()
assert(out.stdout:match "^8%.0\t", out.stdout)
