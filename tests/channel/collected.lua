-- A channel of a child that has ended goes with its object, though tasks took messages from it and
-- were never told of its end.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local function descriptors()
  return #fs.readdir("/proc/self/fd")
end

local echo = "for m in process:messages() do process:send(m) end"

local function killed()
  local child = worker.fork(echo)
  child:send "here"
  check.eq(child:receive(), "here")
  child:kill "SIGKILL"
  check.eq(child:wait().signal, "SIGKILL")
end

local function collect()
  collectgarbage()
  collectgarbage()
  task.sleep(0)
end

killed()
collect()
local before = descriptors()
for _ = 1, 5 do killed() end
collect()
check.eq(descriptors(), before)
