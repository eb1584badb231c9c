-- A timer that nobody holds is called; one that is over is collected with what it held.
local timer = require "procrun.timer"
local task = require "procrun.core.task"

local called, list = 0, task.list()
local weak = setmetatable({}, { __mode = "k" })
do
  local held = {}
  weak[held] = true
  weak[timer.after(0.005, function()
    held.called = true
    called = called + 1
    list:wake()
  end)] = true
  weak[timer.after(60, function() return held end):cancel()] = true
end
collectgarbage()
collectgarbage()
assert(list:wait(5, "the call", function() return called == 1, true end))
task.sleep(0.001)
collectgarbage()
collectgarbage()
assert(next(weak) == nil)
