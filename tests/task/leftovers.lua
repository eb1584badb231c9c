-- all, race, map and groups leave no task and no memory behind when their waiter is cancelled.
local task = require "procrun.task"
local check = require "tests.lib.check"

local weak = setmetatable({}, {__mode = "k"})
local function nap()
  weak[task.current()] = true
  task.sleep(60)
end
local function in_group()
  local g <close> = task.group()
  g:spawn(nap)
  g:spawn(nap)
end
local calls = {
  function() task.all{nap, nap} end,
  function() task.race{nap, nap} end,
  function() task.map({1, 2, 3}, 2, nap) end,
  in_group,
}
for _, call in ipairs(calls) do
  local t = task.spawn(call)
  task.yield()
  task.yield()
  t:cancel()
  check.eq(select(3, t:wait()), "ECANCELED")
end
collectgarbage()
collectgarbage()
check.eq(next(weak), nil)

-- Nor a crew around tasks that live on; and they may be in several at once.
local long = task.spawn(nap)
task.yield()
local g = task.group()
for _ = 1, 3 do g:spawn(function() long:wait() end) end
task.yield()
g:cancel()
check.eq(g:wait(), true)
local a = task.spawn(function() return task.race{long, function() return "quick" end} end)
local b = task.spawn(function() return task.race{long,
  function() task.sleep(0.001) return "slow" end} end)
check.eq(a:wait(), "quick") -- cancels long
check.eq(select(3, b:wait()), "ECANCELED")
