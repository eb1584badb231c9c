-- require in a bundle: its files first, then the built-in modules, then package.path; its errors.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"

local outside = bundle.tree("outside", {["other.lua"] = "return 'from package.path'",
  ["lib/a.lua"] = "return 'wrong'"})
local app = bundle.make("app", {
  ["main.lua"] = [[
package.path = arg[1] .. "/?.lua"
print(require "lib.a", require "other", type(require "fs".read),
  package.loaded["procrun.fs"] ~= nil)
print(select(2, pcall(function() require "nonsuch.x" end)))
print(select(2, pcall(require, "failing")))
print(pcall(require, "loop"))
local task = require "task"
local one, two = task.spawn(require, "waits"), task.spawn(require, "waits")
print(one:wait() == two:wait(), one:wait().n)]],
  ["lib/a.lua"] = "return 'from the bundle'",
  ["failing.lua"] = "\n\nlocal x = nil + 1",
  ["loop.lua"] = "require 'loop'",
  ["waits.lua"] = "require 'task'.sleep(0.001); n = (n or 0) + 1; return {n = n}",
})
local text = bundle.run(app, {outside}, {cwd = outside})
check.has(text, "from the bundle\tfrom package.path\tfunction\ttrue\n")
check.has(text, "main.lua:4: module 'nonsuch.x' not found:")
check.has(text, "\n\tno bundled file 'nonsuch/x.lua'\n\tno bundled file 'nonsuch/x/init.lua'\n")
check.has(text, "no file '" .. outside .. "/nonsuch/x.lua'")
check.has(text, "failing.lua:3: attempt to perform arithmetic")
check.has(text, "false\tloop.lua:1: loop while loading module 'loop'")
check.has(text, "\ntrue\t1")

-- The ways of plain scripts to name what lies beside them.
app = bundle.make("paths", {["main.lua"] = [[
local here = arg[0]:match("^.*/") or "./"
package.path = here .. "lib/?.lua;src/?.lua;" .. process.script_dir .. "/own/?.lua;?.none"
print(require "./lib/a", require "lib//b", require "b", require "in_src", require "in_own",
  type(require "fs".read), select(2, require "only.a"))
print(require "proc".fork(here .. "worker.lua"):receive(), pcall(require, "nonsuch"))]],
  ["lib/a.lua"] = "return ...", ["lib/b.lua"] = "return ...", ["src/in_src.lua"] = "return ...",
  ["own/in_own.lua"] = "return ...", ["src/fs.lua"] = "error 'built-in ones come first'",
  ["src/only/a.lua"] = "return ...", ["worker.lua"] = "process:send('worker')",
})
local top = check.tmp("")
for _, command in ipairs {"./paths", app, "../" .. top:match("[^/]+/?$") .. "/paths"} do
  text = bundle.run(command, {}, {cwd = top})
  check.has(text, "./lib/a\tlib//b\tb\tin_src\tin_own\tfunction\tsrc/only/a.lua\n")
  check.has(text, "worker\tfalse\t")
end
