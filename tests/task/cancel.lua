-- cancel ends a task wherever it stands: not begun, waiting, ready, running; and is nothing to one
-- that has ended.
local task = require "procrun.task"
local check = require "tests.lib.check"

local CANCELLED = {nil, "the task was cancelled", "ECANCELED", n = 3}
local function cancelled(t)
  check.values(table.pack(t:wait()), table.unpack(CANCELLED, 1, 3))
  check.eq(t:status(), "cancelled")
end

-- Not begun: its function is never called.
local ran = false
local t = task.spawn(function() ran = true end)
check.eq(t:cancel(), t)
cancelled(t)
check.eq(ran, false)

-- Waiting; a second cancel does nothing.
local closed, passed = 0, false
t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function(_, err)
    assert(task.is_cancel(err) and tostring(err) == "the task was cancelled")
    closed = closed + 1
  end})
  task.sleep(60)
  passed = true
end)
task.yield()
check.eq(t:status(), "waiting")
t:cancel():cancel()
cancelled(t)
assert(closed == 1 and not passed)
t:cancel()
cancelled(t)

-- Ready: its sleep is over, but its turn has not come.
local q = task.queue()
t = task.spawn(function() q:get() passed = true end)
task.yield()
q:put(1)
check.eq(t:status(), "ready")
t:cancel()
cancelled(t)
assert(not passed and q:size() == 1) -- the value is not lost

-- Running: itself, at once.
t = task.spawn(function() task.current():cancel() passed = true end)
cancelled(t)
assert(not passed)

-- Finished: the results stay.
t = task.spawn(function() return 5 end)
check.eq(t:wait(), 5)
t:cancel()
check.eq(t:wait(), 5)
check.eq(t:status(), "done")

-- At a yield.
t = task.spawn(function() task.yield() return "done" end)
task.yield()
t:cancel()
cancelled(t)
check.eq(task.is_cancel("the task was cancelled"), false)
