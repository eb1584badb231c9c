-- grow_timers.lua - N timers made, due in another order, and fired: microseconds and bytes each.
local size = require "tests.bench.lib.size"
local task = require "procrun.task"
local timer = require "procrun.timer"

local n = tonumber(arg[1])
local fired, all_fired = 0, task.event()
local function fire()
  fired = fired + 1
  if fired == n then all_fired:set() end
end

timer.after(0, function() end) -- what the first one loads
task.sleep(0.001)
local before = size.bytes()
local make = size.seconds(function()
  -- none fires meanwhile: nothing here waits
  for i = 1, n do timer.after(i * 7919 % 1000 * 1e-6, fire) end
end)
local bytes = size.bytes() - before
local run = size.seconds(all_fired.wait, all_fired)
print(('{"make": %.4f, "run": %.4f, "bytes": %.1f}'):format(make / n * 1e6, run / n * 1e6,
  bytes / n))
