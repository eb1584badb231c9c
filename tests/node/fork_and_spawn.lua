-- A forked worker that spawns: neither the channel nor its variables reach the grandchild, by
-- whatever way it is started.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.fork [[
  local proc = require "proc"
  local text = "env | grep -c NODE_CHANNEL; [ -e /proc/$$/fd/3 ] && echo leaked"
  local said = {proc.run("sh", {"-c", text}).stdout}
  said[2] = proc.spawn("sh", {"-c", text}, {stdio = {"ignore", "pipe", "inherit"}}).stdout:read("a")
  local pipe = io.popen("env | grep -c NODE_CHANNEL")
  said[3] = pipe:read("a")
  if arg[1] then said = {"deep"} end
  if not arg[1] then
    local grandchild = assert(proc.fork(arg[0], {"again"}, {silent = true}))
    said[4] = grandchild:receive(20)[1]
  end
  process.send(said)]]
local said = assert(child:receive(30))
for i = 1, 3 do check.eq(said[i], "0\n") end
check.eq(said[4], "deep")
child:kill()
child:wait(20)
