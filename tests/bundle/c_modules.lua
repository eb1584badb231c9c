-- C modules in a bundle: loaded from memory, or from a file that is gone at once; several of them,
-- several modules in one, and what goes wrong.
local bundle = require "tests.lib.bundle"
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local source = [[
#include <lua.h>
#include <math.h>
static int value(lua_State *L) { lua_pushnumber(L, floor(sqrt(VALUE * VALUE))); return 1; }
static int open(lua_State *L) { lua_newtable(L); lua_pushcfunction(L, value);
  lua_setfield(L, -2, "value"); lua_pushvalue(L, 1); lua_setfield(L, -2, "name");
  lua_pushvalue(L, 2); lua_setfield(L, -2, "where"); return 1; }
int luaopen_one(lua_State *L) { return open(L); }
int luaopen_one_sub(lua_State *L) { return open(L); }
int luaopen_deep_two(lua_State *L) { return open(L); }
int luaopen_plain(lua_State *L) { return open(L); }
]]
local built = check.tmp("built")
assert(fs.mkdir(built))
c_module.build(built, "one", "#define VALUE 1.0\n" .. source)
c_module.build(built, "two", "#define VALUE 2.0\n" .. source)

local folder = bundle.tree("app-src", {["main.lua"] = [[
local one, sub, two = require "one", require "one.sub", require "deep.two"
print(one.value(), sub.value(), two.value(), require "v2-plain".value())
print(one.name, one.where, sub.name, sub.where, two.where)
print(select(2, pcall(require, "one.none")))
print(select(2, pcall(require, "wrong")))
print(select(2, pcall(require, "none")))]],
  ["wrong.so"] = "no library"})
assert(fs.mkdir(folder .. "/deep"))
assert(fs.copy(built .. "/one.so", folder .. "/one.so"))
assert(fs.copy(built .. "/two.so", folder .. "/deep/two.so"))
assert(fs.copy(built .. "/two.so", folder .. "/v2-plain.so"))
assert(fs.copy(built .. "/one.so", folder .. "/none.so"))
local app = bundle.make("app", folder)

local function look(options)
  local result = proc.run(app, {}, options):check()
  check.has(result.stdout, "1.0\t1.0\t2.0\t2.0\none\tone.so\tone.sub\tone.so\tdeep/two.so\n")
  check.has(result.stdout, "module 'one.none' not found:")
  check.has(result.stdout, "error loading module 'wrong' from bundled file 'wrong.so':\n\t")
  check.has(result.stdout, "error loading module 'none' from bundled file 'none.so':\n\t")
  check.has(result.stdout, "luaopen_none")
end
-- No temporary file, as there is no place for it; and no descriptor stays open (PROCRUN_CHECK).
look {extend_env = {TMPDIR = "/nonsuch"}}
look {extend_env = {PROCRUN_CHECK = "1"}}
