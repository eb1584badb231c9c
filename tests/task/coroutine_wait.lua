-- Waits pass through the user's coroutines, two levels deep, with values on both sides, and do not
-- mix with their yields.
local task = require "procrun.task"
local check = require "tests.lib.check"

local inner = coroutine.wrap(function(a)
  task.sleep(0.001)
  local b = coroutine.yield(a + 1)
  task.sleep(0.001)
  local c = coroutine.yield(b + 1)
  return "inner", nil, c
end)
local outer = coroutine.create(function(x)
  task.sleep(0.001)
  local y = coroutine.yield(inner(x))
  local z = coroutine.yield(inner(y))
  task.sleep(0.001)
  return inner(z)
end)
check.values(table.pack(coroutine.resume(outer, 1)), true, 2)
check.values(table.pack(coroutine.resume(outer, 10)), true, 11)
check.values(table.pack(coroutine.resume(outer, 100)), true, "inner", nil, 100)
check.eq(coroutine.status(outer), "dead")
check.values(table.pack(coroutine.resume(outer)), false, "cannot resume dead coroutine")

-- Several tasks, each with generators of its own.
local function numbers(n)
  return coroutine.wrap(function() for i = 1, n do task.sleep(0.001) coroutine.yield(i) end end)
end
local sums = task.map({3, 4, 5}, 3, function(n)
  local sum = 0
  for i in numbers(n) do
    for j in numbers(2) do sum = sum + i * j end
  end
  return sum
end)
check.values(sums, 18, 30, 45)

-- A wait as the iterator itself, in a metamethod, in a __close handler, under pcall.
local q = task.queue()
task.spawn(function() for i = 1, 3 do task.sleep(0.001) q:put(i) end q:close() end)
local t = setmetatable({}, {__index = function(_, k) task.sleep(0.001) return k * 2 end,
  __pairs = function() task.sleep(0.001) return next, {a = 1} end,
  __concat = function() task.sleep(0.001) return "joined" end,
  __eq = function() task.sleep(0.001) return true end})
local seen = 0
for v in q.get, q do seen = seen + t[v] end
check.eq(seen, 12)
check.eq(t .. 1, "joined")
check.eq(t == setmetatable({}, getmetatable(t)), true)
for k in pairs(t) do check.eq(k, "a") end
check.values(table.pack(pcall(pcall, function() task.sleep(0.001) return 5 end)), true, true, 5)
check.values(table.pack(xpcall(function(...) task.sleep(0.001) return ... end, print, 1, nil)),
  true, 1, nil)
check.values(table.pack(xpcall(function() task.sleep(0.001) error("x", 0) end, string.upper)),
  false, "X")

-- Errors keep their traceback through coroutines.
local r = check.run [[
local task = require "procrun.task"
local gen = coroutine.wrap(function()
  task.sleep(0.001)
  error("in the generator") -- line 4
end)
gen() -- line 6
]]
check.has(r.err, "lua:4: in function <")
check.has(r.err, "resumed from")
check.has(r.err, "lua:6: in main chunk")

-- A task from a coroutine, handed on.
local made = coroutine.wrap(function() return task.spawn(function() task.sleep(0.001)
  return "made" end) end)()
check.eq(made:wait(), "made")
