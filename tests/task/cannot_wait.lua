-- Where Lua cannot suspend a function a wait raises "cannot wait here (in …)"; the task is none the
-- worse for it, and what needs no wait works there too.
local task = require "procrun.task"
local check = require "tests.lib.check"

local function nap() task.sleep(0.001) return 1 end
check.raises("cannot wait here (in table.sort)", table.sort, {3, 2, 1}, nap)
check.raises("cannot wait here (in string.gsub)", string.gsub, "abc", ".", nap)
check.raises("cannot wait here (in string.gsub)", function() (("abc"):gsub(".", setmetatable({},
  {__index = nap}))):len() end)
check.raises("cannot wait here (in tostring)", tostring, setmetatable({}, {__tostring = nap}))
check.raises("cannot wait here (in print)", function() print(setmetatable({},
  {__tostring = nap})) end)
local _, message = load(nap)
check.has(message, "cannot wait here (in load)")
check.raises("cannot wait here (in table.concat)", table.concat, setmetatable({}, {__index = nap,
  __len = function() return 2 end}))
check.raises("cannot wait here (in table.sort)", table.sort, {2, 1},
  coroutine.wrap(function() nap() end))
check.raises("cannot wait here (in table.sort)", table.sort, {2, 1},
  function() pcall(error) return task.yield() end)
local _, result = xpcall(error, function() return select(2, pcall(nap)) end) -- a message handler
check.has(result, "cannot wait here (in ")

-- Not needed, not refused.
local q = task.queue()
q:put(5)
check.eq((("x"):gsub("x", function() return q:get() end)), "5")
table.sort({2, 1}, function(a, b) task.spawn(function() end) return a < b end)

-- A cancel that is due is kept for where it can be raised.
local log = {}
local t = task.spawn(function()
  task.yield()
  pcall(table.sort, {2, 1}, function() log[#log + 1] = select(2, pcall(nap)) end)
  log[#log + 1] = "after"
  nap()
  log[#log + 1] = "went on"
end)
task.spawn(function() t:cancel() end)
-- It was cancelled at the yield, before all this.
check.eq(select(3, t:wait()), "ECANCELED")
check.eq(#log, 0)

task.sleep(0.001) -- and the task is fine
