-- A generator may yield out of an open timeout: it counts only while the generator runs, and leaves
-- nothing behind when the generator is never resumed, closed, or goes on in another task.
local task = require "procrun.task"
local check = require "tests.lib.check"

local function timed(seconds)
  return coroutine.wrap(function()
    coroutine.yield(select(3, task.timeout(seconds, function()
      coroutine.yield("open")
      task.sleep(60)
    end)))
    return "end"
  end)
end

-- Time runs out while it is suspended: nobody outside notices, its next wait does.
local gen = timed(0.001)
check.eq(gen(), "open")
task.sleep(0.01)
check.eq(pcall(task.sleep, 0.001), true)
check.eq(gen(), "ETIMEDOUT")
check.eq(gen(), "end")

-- Timeouts that overlap without being nested.
gen = timed(0.005)
gen()
check.eq(select(3, task.timeout(0.001, function() task.sleep(60) end)), "ETIMEDOUT")
check.eq(task.timeout(60, function() return gen() end), "ETIMEDOUT")

gen = timed(60)
gen()
check.eq(select(3, task.timeout(0.001, function() gen() error("went on") end)), "ETIMEDOUT")

-- Collected while open.
for _ = 1, 100 do timed(0.001)() end
collectgarbage()
collectgarbage()
task.sleep(0.01)

-- Closed while open.
local co = coroutine.create(function() task.timeout(0.001, coroutine.yield) end)
coroutine.resume(co)
check.eq(coroutine.close(co), true)
task.sleep(0.005)

-- It outlives its task.
local opener = task.spawn(function()
  local g = timed(0.001)
  g()
  return g
end)
gen = opener:wait()
opener = nil -- luacheck: ignore 311
collectgarbage()
collectgarbage()
task.sleep(0.005)
local t = task.spawn(function() gen() end) -- sleeps in there
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")
gen = nil
collectgarbage()
