-- A bundle that was moved, replaced or removed while it runs goes on, workers included; and however
-- it is started it finds itself.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

if process.platform ~= "linux" then
  print("skip: without /proc/self/exe a bundle is found by its path")
  os.exit(77)
end

local files = {
  ["main.lua"] = [[
local bundle, proc = require "bundle", require "proc"
print(bundle.read("version"), arg[0], process.exec_path)
io.stdout:flush()
while io.read() do
  local worker = assert(proc.fork("worker.lua"))
  print(worker:receive(), bundle.read("version"), require("late").x)
  io.stdout:flush()
  worker:disconnect()
  worker:wait()
end]],
  ["worker.lua"] = "process:send(require 'bundle'.read 'version' .. ' ' .. arg[-1])",
  ["late.lua"] = "return {x = 'late'}",
  ["version"] = "one",
}
local app = bundle.make("app", files)
files.version = "two"
local newer = bundle.make("newer", files)

local child <close> = assert(proc.spawn(app))
check.eq(child.stdout:read(), ("one\t%s\t%s"):format(app, app))
local function ask(wanted)
  child.stdin:write("\n")
  check.eq(child.stdout:read(), ("one %s\tone\tlate"):format(wanted or app))
end
ask()
assert(fs.rename(app, app .. ".old"))
ask()
assert(fs.rename(newer, app))
ask()
check.eq(proc.run(app, {}, {input = ""}):text(), ("two\t%s\t%s"):format(app, app))
assert(fs.remove(app .. ".old"))
ask()
assert(fs.remove(app))
ask()
child.stdin:finish()
assert(child:wait().ok)

-- By a link, by PATH, by a relative path, under another name.
app = bundle.make("app", files)
local dir = check.tmp("links")
assert(fs.mkdir(dir))
assert(fs.symlink(app, dir .. "/other"))
local linked = proc.run("other", {}, {input = "\n", extend_env = {PATH = dir}}):check()
check.eq(linked.stdout, ("two\tother\t%s\ntwo %s\ttwo\tlate\n"):format(app, app))
local near = proc.run("./app", {}, {input = "\n", cwd = check.tmp("")}):check()
check.eq(near.stdout, ("two\t./app\t%s\ntwo %s\ttwo\tlate\n"):format(app, app))
local renamed = proc.run(app, {}, {input = "\n", argv0 = "-"}):check()
check.eq(renamed.stdout, ("two\t-\t%s\ntwo %s\ttwo\tlate\n"):format(app, app))
