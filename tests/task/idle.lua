-- Short waits make the loop look for the next event before it sleeps; a long one is still free.
local process = require "procrun.process"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function processor_time()
  local usage = process.usage()
  return usage.cpu_user + usage.cpu_system
end

local child = proc.spawn("cat", {channel = "stdio"})
for i = 1, 200 do
  child:send(i)
  assert(child:receive(10) == i)
end
local before = processor_time()
for _ = 1, 4 do
  for _ = 1, 3 do task.sleep(0.00001) end
  task.sleep(0.1)
end
local used = processor_time() - before
assert(used < 0.2, used)
child:disconnect()
assert(child:wait().ok)
