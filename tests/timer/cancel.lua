-- cancel: no call any more, by the method, by <close>, from inside the call, and when already due.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local function never() error("called") end
local a = timer.after(0.001, never)
assert(a:active())
assert(a:cancel() == a and not a:active())
a:cancel()
do
  local b <close> = timer.every(0.001, never)
  assert(b:active())
end

local due = timer.after(0, never)
local stop = timer.now() + 0.01
while timer.now() < stop do end
assert(due:active())
due:cancel()
assert(not due:active())

local count, list = 0, task.list()
local c
c = timer.every(0.001, function()
  count = count + 1
  if count == 3 then
    c:cancel()
    list:wake()
  end
end)
assert(list:wait(5, "three calls", function() return count == 3, true end))
assert(not c:active())

local once
once = timer.after(0.001, function()
  assert(not once:active())
  list:wake()
  once = nil
end)
assert(list:wait(5, "the call", function() return once == nil, true end))

-- Two timers due at once: the first one's call still stops the second.
local second
local reached = 0
timer.after(0.001, function()
  reached = reached + 1
  assert(second:active())
  second:cancel()
  list:wake()
end)
second = timer.after(0.001, never)
stop = timer.now() + 0.01
while timer.now() < stop do end
assert(list:wait(5, "the call", function() return reached == 1, true end))
task.yield()
task.yield()
assert(reached == 1 and count == 3)
