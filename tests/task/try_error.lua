-- A wait that ends in an error leaves its list: nobody behind it starves, and the list may be
-- collected at once.
local task = require "procrun.task"
local check = require "tests.lib.check"
local core = require "procrun.core.task"

local list, state = core.list(), nil
local function look()
  if state == "error" then error("from look", 0) end
  return state
end
local first = task.spawn(function()
  check.values(table.pack(pcall(list.wait, list, nil, "a test", look)), false, "from look")
  state = true
  list:wake()
  check.eq(list:waiting(), true) -- the second one only
  task.sleep(0.001)
end)
local second = task.spawn(function() list:wait(nil, "a test",
  function() return state == true end) return 2 end)
task.yield()
state = "error"
list:wake()
check.eq(second:wait(1), 2)
first:wait()

-- Failed tasks whose waiters catch the error and go on.
for i = 1, 200 do
  local t = task.spawn(function() task.yield() error("x") end)
  pcall(t.wait, t)
  t = nil -- luacheck: ignore 311
  if i % 50 == 0 then collectgarbage() end
  task.yield()
end
local co = coroutine.create(function()
  local t = task.spawn(function() task.yield() error("x") end)
  t:wait()
end)
check.eq(coroutine.resume(co), false)
co = nil -- luacheck: ignore 311
collectgarbage()
collectgarbage()
task.sleep(0.001)
