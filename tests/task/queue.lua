-- queue: values in order, first come first served on both sides; full makes put wait, empty get.
local task = require "procrun.task"
local check = require "tests.lib.check"

local q = task.queue(2)
check.eq(q:put("a"), true)
check.eq(q:put(false), true)
check.eq(q:size(), 2)
check.eq(#q, 2)
check.values(table.pack(q:put("x", 0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(q:put("x", 0.001)), nil, "timeout", "ETIMEDOUT")

local log = {}
for i = 1, 3 do task.spawn(function() q:put(i) log[#log + 1] = i end) end
task.yield()
check.eq(#log, 0)
for _, wanted in ipairs{"a", false, 1, 2, 3} do check.eq(q:get(), wanted) end
check.eq(table.concat(log), "123")
check.values(table.pack(q:get(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(q:get("1ms")), nil, "timeout", "ETIMEDOUT")

-- Getters in the order they came; one that is cancelled or runs out of time takes nothing.
log = {}
local getters = {}
for i = 1, 4 do
  getters[i] = task.spawn(function()
    local v = q:get(i == 3 and 0.001 or nil)
    log[#log + 1] = i .. tostring(v)
  end)
end
task.yield()
getters[1]:cancel()
getters[3]:wait()
q:put("x")
q:put("y")
getters[4]:wait()
check.eq(table.concat(log, " "), "3nil 2x 4y")

-- Who comes later does not overtake one that was woken.
q = task.queue()
local first = task.spawn(function() return q:get() end)
task.yield()
q:put("for first")
check.eq(q:get(0), nil)
local second = task.spawn(function() return q:get() end)
check.eq(first:wait(), "for first")
q:put("for second")
check.eq(second:wait(), "for second")

check.raises("bad argument #1 to 'put' (a queue cannot hold nil)", q.put, q)
check.raises("bad argument #1 to 'queue' (positive number expected", task.queue, 0)
check.raises("bad argument #1 to 'queue' (positive number expected", task.queue, "2")
