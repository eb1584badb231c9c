-- LUA_PATH and LUA_CPATH, their versioned forms first, ";;" for the default, -E without them.
local rock = require "tests.lib.rock"

rock.need("lua5.4")
local cases = {
  {}, {LUA_PATH = "./a/?.lua"}, {LUA_PATH = "./a/?.lua;;"}, {LUA_PATH = ";;./a/?.lua"},
  {LUA_PATH = "./a/?;;./b/?"}, {LUA_PATH = ";;"}, {LUA_PATH = ""},
  {LUA_PATH = "x/?.lua", LUA_PATH_5_4 = "y/?.lua;;"}, {LUA_PATH_5_4 = ""}, {LUA_PATH_5_3 = "z"},
  {LUA_CPATH = "./?.so"}, {LUA_CPATH = ";;./?.so"}, {LUA_CPATH = "x", LUA_CPATH_5_4 = "y;;"},
  {LUA_PATH = "a", LUA_CPATH = "b"},
}
for _, env in ipairs(cases) do
  rock.same("print(package.path) print(package.cpath) print(package.config)", {env = env})
end

-- A module found there, the message for one that is not, and -E.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
fs.mkdir(check.tmp "lib")
check.write(check.tmp "lib/mine.lua", "return {...}")
local env = {LUA_PATH = check.tmp "lib/?.lua"}
rock.same("local mine = require 'mine' print(mine[1], mine[2])", {env = env})
rock.same("print(package.searchpath('mine', package.path), package.searchpath('no', 'x/?;?.y'))",
  {env = env})
local proc = require "procrun.proc"
local script = "print(package.path, pcall(require, 'mine'))"
for _, options in ipairs {{"-E"}, {"-E", "-E"}, {"-W", "-E"}} do
  local path = {}
  for _, interpreter in ipairs {"lua5.4", process.exec_path} do
    local args = {table.unpack(options)}
    table.move({"-e", script}, 1, 2, #args + 1, args)
    local text = proc.run(interpreter, args, {env = rock.env(env)}):check().stdout
    path[#path + 1] = text:match("^[^\t]*\tfalse")
  end
  check.eq(path[2], path[1])
end
