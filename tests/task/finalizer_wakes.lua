-- A finalizer that runs right before a task goes on, and wakes that very task: it goes on once.
local check = require "tests.lib.check"
local task = require "task"

local ends, woken, where = 0, 0, nil

-- Enough that the collector works when the next task goes on.
local function litter(size, queue)
  local garbage = setmetatable({ ("x"):rep(size) }, { __gc = function()
    if where ~= "between two tasks" then return end
    woken = woken + 1
    queue:close()
  end })
  return #garbage
end

for round = 1, 200 do
  local queue = task.queue()
  local waiting = task.spawn(function()
    queue:get()
    where = "inside"
    ends = ends + 1
  end)
  task.yield()
  queue:put("first")
  litter(4000 * round, queue)
  where = "between two tasks"
  task.yield()
  where = "inside"
  waiting:wait()
  check.eq(ends, round)
end
assert(woken > 0, "the collector never ran where it was to run")
