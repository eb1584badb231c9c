-- require: the order of look-up, a main chunk that waits, two tasks that want the same module.
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")
local task = require "procrun.task"

local function write(name, text)
  local f <close> = assert(io.open(tmp .. "/" .. name, "w"))
  f:write(text)
end

local function run(arguments)
  local command = "cd '%s' && LUA_PATH='./path/?.lua;;' '%s' %s 2>&1"
  local pipe = assert(io.popen(command:format(tmp, procrun, arguments)))
  local text = pipe:read("a")
  pipe:close()
  return text
end

assert(os.execute(("mkdir -p '%s/dir/pack' '%s/path' '%s/else'"):format(tmp, tmp, tmp)))
-- A bare name: preload, the script's folder, built in, package.path.
write("path/json.lua", "return 'path'")
write("path/only.lua", "return 'path'")
write("path/boot.lua", "return 'path'") -- a file of the runtime is no module
write("dir/timer.lua", "return 'folder'")
write("dir/only.lua", "return 'folder'")
write("dir/pack/init.lua", "return ...")
write("dir/order.lua", [[
package.preload.fs = function(...) return ... end
print(require "timer", require "only", require "pack", require "boot", require "fs")
print(require "json" == require "procrun.json")
print(type(require "procrun.fs"), type(require "procrun.timer"))
print(select(2, require "path"), (select(2, require "pack")))
print(pcall(require, "proc.child"))]])
local text = run("dir/order.lua")
local first, rest = text:match("^([^\n]*)\n(.*)$")
assert(first == "folder\tfolder\tpack\tpath\tfs\t:preload:", text)
assert(rest:find(
  "^true\ntable\ttable\n:built%-in:\tnil\nfalse\tmodule 'proc.child' not found:"), text)
text = run("-e 'print(require \"only\", type(require \"timer\"))'")
assert(text:find("^path.*\ttable\n"), text) -- there is no folder

-- The folder stays that of the script, wherever the process goes.
write("dir/moves.lua", "process.chdir('/') print(require 'only', process.script_dir)")
assert(run("dir/moves.lua") == ("folder\t%s/dir\n"):format(tmp), run("dir/moves.lua"))

-- Messages as Lua's: the place of the call, everything that was tried, one a line.
write("dir/missing.lua", "\nrequire 'not.there'")
text = run("dir/missing.lua")
assert(text:find("^procrun: dir/missing.lua:2: module 'not.there' not found:\n"
  .. "\tno field package.preload%['not.there'%]\n\tno file 'dir/not/there.lua'\n"), text)
write("dir/broken.lua", "\n\nx = = 1")
text = run("-e 'package.path = \"dir/?.lua\" require \"broken\"'")
local told_load = "error loading module 'broken' from file 'dir/broken.lua':\n\tdir/broken.lua:3: "
assert(text:find(told_load, 1, true), text)
write("dir/broken_main.lua", "require 'broken'")
text = run("dir/broken_main.lua")
assert(text:find(told_load, 1, true), text)
write("dir/failing.lua", "local function f() error('no luck') end\nf()")
write("dir/failing_main.lua", "\nrequire 'failing'")
text = run("dir/failing_main.lua")
for _, part in ipairs {"dir/failing.lua:1: no luck", "dir/failing.lua:2: in main chunk",
  "dir/failing_main.lua:2: in main chunk"} do
  assert(text:find(part, 1, true), text)
end
local ok, message = pcall(require)
assert(not ok and message:find("bad argument #1 to 'require' (string expected", 1, true), message)

-- A module that waits while it is loaded; who wants it meanwhile gets the same one.
package.path = tmp .. "/else/?.lua"
write("else/slow.lua", "_G.count = (_G.count or 0) + 1 "
  .. "require('procrun.task').sleep('5ms') return {}")
local function slow() return require "slow" end
local results = task.all {slow, slow}
assert(results[1] == results[2] and _G.count == 1)
-- One that fails is tried again by the next.
write("else/flaky.lua", "tries = (tries or 0) + 1 require('procrun.task').sleep('5ms')"
  .. " if tries == 1 then error('first') end return tries")
local function careful() return (pcall(require, "flaky")) end
results = task.all {careful, function() return require "flaky" end}
assert(results[1] == false and results[2] == 2)
-- Loops are told, in one task and between two.
write("else/a.lua", "require('procrun.task').sleep('5ms') return require 'b'")
write("else/b.lua", "require('procrun.task').sleep('5ms') return require 'a'")
results = task.all {function() return select(2, pcall(require, "a")) end,
  function() return select(2, pcall(require, "b")) end}
local told = tostring(results[1]) .. tostring(results[2])
assert(told:find("loop while loading module"), told)
