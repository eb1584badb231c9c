-- A forked worker that spawns: neither the channel nor its variables reach the grandchild, by
-- whatever way it is started.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.fork [[
  local proc = require "proc"
  local text = "env | grep -c NODE_CHANNEL; ls /proc/$$/fd | tr '\n' ' '"
  local said = {proc.run("sh", {"-c", text}).stdout}
  said[2] = proc.spawn("sh", {"-c", text}, {stdio = {"ignore", "pipe", "inherit"}}).stdout:read("a")
  local pipe = io.popen("env | grep -c NODE_CHANNEL")
  said[3] = pipe:read("a")
  local grandchild = assert(proc.fork(arg[0], {"again"}, {silent = true}))
  if arg[1] then said = {"deep"} else said[4] = grandchild:receive(20)[1] end
  process.send(said)
  grandchild:kill()]]
local said = assert(child:receive(30))
for i = 1, 2 do
  local count, fds = said[i]:match("^(%d+)\n(.*)$")
  check.eq(count, "0")
  assert(not fds:find("%f[%d]3%f[%D]") or fds:find("255"), fds) -- bash as sh holds 255
end
check.eq(said[3], "0\n")
check.eq(said[4], "deep")
child:kill()
child:wait(20)
