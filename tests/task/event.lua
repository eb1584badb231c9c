-- event: set lets every waiter go on, also when it is cleared before they run.
local task = require "procrun.task"
local check = require "tests.lib.check"

local e = task.event()
check.eq(e:is_set(), false)
check.values(table.pack(e:wait(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(e:wait(0.001)), nil, "timeout", "ETIMEDOUT")
local log, tasks = {}, {}
for i = 1, 3 do tasks[i] = task.spawn(function() check.values(table.pack(e:wait()),
  true) log[#log + 1] = i end) end
task.yield()
check.eq(e:set(), e)
for i = 1, 3 do tasks[i]:wait() end
check.eq(table.concat(log), "123")
check.eq(e:is_set(), true)
check.values(table.pack(e:wait()), true)
check.values(table.pack(e:wait(0)), true)
check.eq(e:clear(), e)
check.eq(e:wait(0), nil)

local t = task.spawn(function() return e:wait() end)
task.yield()
e:set():clear()
check.eq(t:wait(), true)
check.eq(e:wait(0), nil)

t = task.spawn(function() e:wait() end)
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")
