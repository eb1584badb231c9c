-- --config: a fact a line; --config=NAME one of them, good for building a C module.
-- requires: cc
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local procrun = require "procrun"
local proc = require "procrun.proc"
local exe = os.getenv("PROCRUN")

local facts = procrun.config()
local printed = {}
for line in proc.run(exe, {"--config"}):check().stdout:gmatch("[^\n]+") do
  local name, value = line:match("^([%l_]+)=(.*)$")
  assert(name, line)
  printed[name] = value
end
for name, value in pairs(facts) do check.eq(printed[name], value, name) end
for name in pairs(printed) do assert(facts[name], name) end
check.eq(facts.version, procrun.version)
check.eq("Lua " .. facts.lua_version, _VERSION)
check.eq(facts.executable, process.exec_path)

local changed = {extend_env = {LUA_CPATH = "x/?.so;;"}}
local one = proc.run(exe, {"--config=lua_cpath"}, changed):check()
check.eq(one.stdout:sub(1, 7), "x/?.so;")
one = proc.run(exe, {"-E", "--config=lua_cpath"}, changed):check()
check.eq(one.stdout, facts.lua_cpath .. "\n")

local unknown = proc.run(exe, {"--config=cflag"})
check.eq(unknown.code, 1)
check.has(unknown.stderr, "no fact 'cflag'; there are: ")
check.has(unknown.stderr, " cflags ")

local source = check.write(check.tmp("counter.c"), [[
#include <lauxlib.h>
int luaopen_counter(lua_State *L)
{
  lua_pushinteger(L, 42);
  return 1;
}
]])
local build = ("cc -shared -fPIC %s %s -o %s %s"):format(c_module.cflags(), source,
  check.tmp("counter.so"), facts.libs)
proc.run("sh", {"-c", build}):check()
local loaded = proc.run(exe, {"-e", "print((require 'counter'))"},
  {extend_env = {LUA_CPATH = check.tmp("?.so")}}):check()
check.eq(loaded.stdout, "42\n")
