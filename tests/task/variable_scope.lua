-- variable: a scope ends with its block however that ends, in any order, by any task; never twice.
local task = require "procrun.task"
local check = require "tests.lib.check"

local v, w = task.variable(0), task.variable(0)

-- An error, a timeout, a cancel.
check.raises("boom", function()
  local _ <close> = v:set(1)
  error("boom")
end)
check.eq(v:get(), 0)
check.values(table.pack(task.timeout("1ms", function()
  local _ <close> = v:set(2)
  task.sleep(60)
end)), nil, "timeout", "ETIMEDOUT")
check.eq(v:get(), 0)
local in_handler
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function()
    task.sleep(0)
    in_handler = v:get()
  end})
  local _ <close> = v:set(3)
  task.sleep(60)
end)
task.sleep(0)
t:cancel():wait()
check.eq(in_handler, 0)

-- In another order than they were opened.
local a, b, c = v:set("a"), w:set("b"), v:set("c")
a:close()
check.eq(v:get(), "c")
check.eq(w:get(), "b")
b:close()
check.eq(v:get(), "c")
check.eq(w:get(), 0)
a:close() -- once more
c:close()
check.eq(v:get(), 0)

a, b, c = v:set("a"), v:set("b"), v:set("c")
b:close()
check.eq(v:get(), "c")
c:close()
check.eq(v:get(), "a")
a:close()
check.eq(v:get(), 0)

-- By another task; of a task that has ended; never closed.
local scope
local gate = task.event()
t = task.spawn(function()
  scope = v:set("t")
  gate:wait()
  return v:get()
end)
task.sleep(0)
check.eq(v:get(), 0)
scope:close()
check.eq(v:get(), 0)
gate:set()
check.eq(t:wait(), 0)
t = task.spawn(function() scope = v:set("left open") end)
t:wait()
scope:close()
scope:close()
check.eq(v:get(), 0)

-- A generator's scope is its task's.
local each = coroutine.wrap(function()
  local _ <close> = v:set("generator")
  coroutine.yield()
end)
each()
check.eq(v:get(), "generator")
each()
check.eq(v:get(), 0)

-- Values and variables are not kept.
local weak = setmetatable({}, {__mode = "k"})
do
  local value = {}
  weak[value] = true
  local _ <close> = v:set(value)
end
local many = {}
for i = 1, 200 do many[i] = v:set(i) end
for i = 1, 199, 2 do many[i]:close() end
check.eq(v:get(), 200)
for i = 200, 2, -2 do
  check.eq(v:get(), i)
  many[i]:close()
end
check.eq(v:get(), 0)
collectgarbage()
check.eq(next(weak), nil)

check.raises("procrun.task.scope expected", a.close, {})
