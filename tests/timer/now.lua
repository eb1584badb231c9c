-- timer.now() is a float of seconds that only goes forward, and goes at the pace of the clock.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local a = timer.now()
assert(math.type(a) == "float")
local b = a
for _ = 1, 1000 do
  local now = timer.now()
  assert(now >= b)
  b = now
end
task.sleep(0.02)
local passed = timer.now() - a
assert(passed >= 0.019 and passed < 5, passed)
