-- Inside shield no cancel and no timeout from outside is delivered; a timeout inside works; the
-- cancel comes with the first wait after it.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log = {}
local t = task.spawn(function()
  check.values(table.pack(task.shield(function(...)
    task.sleep(0.005)
    log[#log + 1] = "slept"
    check.values(table.pack(task.timeout(0.001, task.sleep, 60)), nil, "timeout", "ETIMEDOUT")
    log[#log + 1] = "timed out"
    return ...
  end, 1, nil)), 1, nil)
  log[#log + 1] = "after"
  task.sleep(60)
  log[#log + 1] = "went on"
end)
task.yield()
t:cancel()
local _, _, code = t:wait()
check.eq(code, "ECANCELED")
check.eq(table.concat(log, " "), "slept timed out after")

-- A timeout around it waits.
log = {}
check.values(table.pack(task.timeout(0.001, function()
  task.shield(function() task.sleep(0.01) log[#log + 1] = "slept" end)
  task.sleep(60)
end)), nil, "timeout", "ETIMEDOUT")
check.eq(log[1], "slept")

-- Its errors pass, and end it.
check.raises("inside", task.shield, function() error("inside") end)
t = task.spawn(function() pcall(task.shield, error, "x") task.sleep(60) end)
task.yield()
t:cancel()
_, _, code = t:wait()
check.eq(code, "ECANCELED")

-- In a generator that is left suspended inside, it shields nobody else.
t = task.spawn(function()
  local gen = coroutine.wrap(function() task.shield(coroutine.yield) end)
  gen()
  task.sleep(60)
end)
task.yield()
t:cancel()
_, _, code = t:wait()
check.eq(code, "ECANCELED")
