-- t.name, t.id, tostring: a task is known by its name, number and the place of its function.
local task = require "procrun.task"
local check = require "tests.lib.check"

local t = task.spawn(function() task.sleep(0.001) end) -- line 5
check.eq(t.name, nil)
check.eq(tostring(t), ("task %d (tests/task/name.lua:5)"):format(t.id))
t.name = "sweeper"
check.eq(t.name, "sweeper")
check.eq(tostring(t), ("task %d 'sweeper' (tests/task/name.lua:5)"):format(t.id))
check.eq(tostring(task.current()), "the main task")
check.eq(task.current().id, 1)
local c = task.spawn(print)
check.eq(tostring(c), ("task %d"):format(c.id))
c:cancel()
check.eq(t.unknown, nil)
check.raises("a task has no field 'colour' to set, only 'name'", function() t.colour = 1 end)
check.raises("a task's name is a string, not a number value", function() t.name = 5 end)
t:wait()
check.eq(tostring(t), ("task %d 'sweeper' (tests/task/name.lua:5)"):format(t.id))
