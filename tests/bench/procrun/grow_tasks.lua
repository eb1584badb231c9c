-- grow_tasks.lua - N tasks made, all waiting for one event, and run to their ends: microseconds and
-- bytes each.
local size = require "tests.bench.lib.size"
local task = require "procrun.task"

local n = tonumber(arg[1])
local go, waiting, all_wait, done, all_done = task.event(), 0, task.event(), 0, task.event()
local function work()
  waiting = waiting + 1
  if waiting == n then all_wait:set() end
  go:wait()
  done = done + 1
  if done == n then all_done:set() end
end

local before = size.bytes()
local make = size.seconds(function()
  for _ = 1, n do task.spawn(work) end
  all_wait:wait()
end)
local bytes = size.bytes() - before
local run = size.seconds(function()
  go:set()
  all_done:wait()
end)
print(('{"make": %.4f, "run": %.4f, "bytes": %.1f}'):format(make / n * 1e6, run / n * 1e6,
  bytes / n))
