-- Completion: globals, fields, methods, keywords, modules, files, commands; it calls nothing of the
-- user's and never raises.
local complete = require "procrun.repl.complete"
require "procrun.proc"

local env = {print = print, string = string, point = {x = 1, xy = 2, move = print, _hidden = 3},
  list = {{name = "n"}}, word = "text"}
env.heir = setmetatable({own = 1}, {__index = env.point})
env.trap = setmetatable({safe = 1}, {__index = error, __pairs = error, __newindex = error})
env.loop = setmetatable({}, {})
getmetatable(env.loop).__index = env.loop
env.child = setmetatable({pid = 1}, {__name = "procrun.child", __index = error})
local files = {["."] = {{name = "a.txt"}, {name = "sub", dir = true}, {name = ".dot"}},
  ["sub/"] = {{name = "b c.txt"}}, ["./"] = {{name = "mine.lua"}, {name = "pack", dir = true}}}
package.path = "./?.lua;./?/init.lua"
local tab = complete.new {env = env, rooms = {"fs", "proc"}, commands = {"help", "load"},
  types = {["procrun.child"] = "proc child"}, width = function() return 40 end,
  list = function(dir) return files[dir] or {} end}

local function is(line, wanted)
  local text, list = tab(line)
  local got = text or list and list:gsub("%s+", " "):gsub(" $", "")
  assert(got == wanted, ("%s: %s"):format(line, got))
end

is("pri", "nt")
is("x = pri", "nt")
is("", "\t")
is("  ", "\t")
is("retu", "rn")
is("poi", "nt")
is("point.", "move x xy")
is("point.m", "ove")
is("point.x", "x xy")
is("point:", "move")
is("point._", "_hidden" == "" and "" or "hidden")
is("f(point.m", "ove")
is("heir.", "move own x xy")
is("heir.own.", nil)
is("list[1].", "name")
is("word:upp", "er")
is("('x'):upp", nil)
is("trap.s", "afe")
is("trap.safe.x.", nil)
is("loop.a", nil)
is("child:ki", "ll")
is("child:kill_", "tree")
is("fs.rena", "me")
env.process = process
is("process.plat", "form")
is("process.on", "on once")
process.env.PROCRUN_A_NAME = "1"
is("process.env.PROCRUN_A_N", "AME")
is("proc.ru", "n")
is("a..poi", "nt")
is("1.5", nil)
is("nothing.at.all.", nil)
is("require 'f", "s'")
is("require('mi", "ne'")
is("open('a", ".txt'")
is("open('su", "b/")
is("open('sub/b", " c.txt'")
is("open('", "a.txt sub/")
is("open('.d", "ot'")
is(".he", "lp ")
is(".load su", "b/")
is("-- 'poi", "nt")
is("x = 'a\\'poi", nil)
is(("("):rep(5000) .. "poi", "nt")
assert(tab("\xff\xfe poi") == "nt")
