-- spawn hands its arguments to the function; wait returns its results, nils in their places, to
-- any number of tasks, any number of times.
local task = require "procrun.task"
local check = require "tests.lib.check"

local t = task.spawn(function(...)
  local args = table.pack(...)
  task.sleep(0.001)
  return table.unpack(args, 1, args.n)
end, nil, 1, nil, "x", nil)
check.values(table.pack(t:wait()), nil, 1, nil, "x", nil)
check.values(table.pack(t:wait()), nil, 1, nil, "x", nil)
check.eq(t:status(), "done")

-- Several at once.
t = task.spawn(function() task.sleep(0.005) return 7 end)
local waiters = {}
for i = 1, 5 do waiters[i] = task.spawn(function() return i, t:wait() end) end
for i = 1, 5 do check.values(table.pack(waiters[i]:wait()), i, 7) end

-- Started later, not inside spawn; in the order of the spawns.
local log = {}
for i = 1, 3 do task.spawn(function() log[#log + 1] = i end) end
check.eq(#log, 0)
task.yield()
check.eq(table.concat(log), "123")

-- Many values.
t = task.spawn(function(...) return ... end, table.unpack({}, 1, 5000))
check.eq(select("#", t:wait()), 5000)
t = task.spawn(function() return table.unpack({}, 1, 200000) end)
check.eq(select("#", t:wait()), 200000)
check.eq(select("#", t:wait()), 200000)
check.eq(select("#", task.spawn(function() end):wait()), 0)

-- With a timeout.
t = task.spawn(function() task.sleep(0.05) return "late" end)
check.values(table.pack(t:wait(0.001)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(t:wait(0)), nil, "timeout", "ETIMEDOUT")
check.eq(t:wait("10s"), "late")

check.raises("bad argument #1 to 'spawn' (function expected", function() task.spawn(1) end)
check.raises("bad argument #1 to 'wait'", function() t.wait({}) end)
check.raises("a task cannot wait for itself", function() task.current():wait() end)
