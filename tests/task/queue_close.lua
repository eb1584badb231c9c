-- A closed queue gives out what it holds; then get and the iterator come to their ends. Nobody
-- puts.
local task = require "procrun.task"
local check = require "tests.lib.check"

local CLOSED = {nil, "the queue is closed", "EPIPE", n = 3}
local q = task.queue(1)
q:put(1)
local putter = task.spawn(function() return q:put(2) end)
task.yield()
q:close()
check.values(table.pack(putter:wait()), table.unpack(CLOSED, 1, 3))
check.values(table.pack(q:put(3)), table.unpack(CLOSED, 1, 3))
check.eq(q:get(), 1)
check.values(table.pack(q:get()), table.unpack(CLOSED, 1, 3))
q:close()

q = task.queue()
local getters = {}
for i = 1, 3 do getters[i] = task.spawn(function() return q:get() end) end
task.yield()
q:close()
for i = 1, 3 do check.values(table.pack(getters[i]:wait()), table.unpack(CLOSED, 1, 3)) end

-- Iteration, by several tasks.
q = task.queue(2)
local sum, n = 0, 0
local g <close> = task.group()
for _ = 1, 3 do
  g:spawn(function() for v in q do sum, n = sum + v, n + 1 task.yield() end end)
end
g:spawn(function()
  local _ <close> = q
  for i = 1, 100 do q:put(i) end
end)
g:wait()
check.eq(sum, 5050)
check.eq(n, 100)
