-- every: calls at multiples of the period, never two at a time, and late ones are left out.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local PERIOD <const> = 0.02
local began = timer.now()
local calls, running, list = {}, 0, task.list()
local _ <close> = timer.every(PERIOD, function(word)
  assert(word == "tick" and running == 0)
  running = running + 1
  calls[#calls + 1] = timer.now() - began
  if #calls == 2 then task.sleep(PERIOD * 2.5) end -- two periods go by meanwhile
  running = running - 1
  list:wake()
end, "tick")
assert(list:wait(10, "four calls", function() return #calls >= 4 and running == 0, true end))

for i, at in ipairs(calls) do
  local missed = i > 2 and 2 or 0 -- and not made up for
  assert(at >= (i + missed) * PERIOD, ("call %d after %g s"):format(i, at))
end
assert(calls[3] - calls[2] >= PERIOD * 2.5)
