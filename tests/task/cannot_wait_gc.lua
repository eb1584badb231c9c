-- A wait in a finalizer: Lua keeps the error to itself, so it is printed. A cancel that is due, or
-- a wait under way in the same task, is not disturbed by finalizers.
local task = require "procrun.task"
local check = require "tests.lib.check"

local r = check.run [[
local task = require "procrun.task"
setmetatable({}, {__gc = function() task.sleep(1) print("went on") end})
collectgarbage()
collectgarbage()
print("end")
]]
check.eq(r.code, 0)
check.eq(r.out, "end\n")
check.has(r.err, "procrun: cannot wait here (in __gc)")

-- Finalizers that use waits which need not wait, while look functions make garbage.
local q, done = task.queue(), 0
local function litter()
  for _ = 1, 50 do
    setmetatable({}, {__gc = function()
      q:put(1)
      q:get(0)
      pcall(error)
      pcall(task.sleep, 0)
      coroutine.resume(coroutine.create(error))
      done = done + 1
    end})
  end
end
local core = require "procrun.core.task"
local list, open = core.list(), false
local t = task.spawn(function()
  list:wait(nil, "a test", function()
    litter()
    collectgarbage()
    collectgarbage()
    return open
  end)
  return "seen"
end)
for _ = 1, 3 do
  task.yield()
  list:wake()
end
open = true
list:wake_all()
check.eq(t:wait(1), "seen")
assert(done >= 100)

-- A cancel is not swallowed by one.
t = task.spawn(function()
  task.yield()
  setmetatable({}, {__gc = function() task.current():cancel() end})
  collectgarbage()
  collectgarbage()
  task.sleep(60)
  error("went on")
end)
check.eq(select(3, t:wait()), "ECANCELED")
