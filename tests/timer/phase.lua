-- A script that computes for many periods gets one call, not a backlog, and in phase afterwards.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local calls, list = 0, task.list()
local _ <close> = timer.every("2ms", function()
  calls = calls + 1
  list:wake()
end)
local stop = timer.now() + 0.05
while timer.now() < stop do end
assert(calls == 0)
task.yield()
task.yield()
task.yield()
assert(calls <= 5, calls) -- 25 periods have gone by
assert(list:wait(5, "more calls", function() return calls >= 4, true end))
