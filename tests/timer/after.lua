-- after: once, with its arguments, in a task of its own, in the order of the times, never early.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local main = task.current()
local log, done = {}, task.list()
local function note(...)
  assert(task.current() ~= main)
  log[#log + 1] = table.concat({ ... }, " ")
  done:wake()
end

local began, called = timer.now(), nil
timer.after("250ms", note, "c", 3)
timer.after(0.1, note, "b", 2)
timer.after(0, note, "a1")
timer.after(0, note, "a2")
timer.after(0.0123, function(...)
  called = timer.now()
  assert(select("#", ...) == 3 and select(2, ...) == nil)
end, 1, nil, nil)
assert(#log == 0) -- never before after() has returned
assert(done:wait(5, "the timers", function() return #log == 4, true end))
assert(table.concat(log, ",") == "a1,a2,b 2,c 3", table.concat(log, ","))
assert(called and called - began >= 0.0123, called)
