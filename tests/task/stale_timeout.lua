-- The time limit of a wait that a timeout broke off does not end a later wait.

local task = require "task"

local q = task.queue()
task.spawn(function()
  task.sleep(0.06)
  q:put("value")
end)
assert(select(3, task.timeout(0.01, function() task.sleep(0.03) end)) == "ETIMEDOUT")
assert(q:get() == "value")
