-- No task starves the others or the timers: neither one that always finds results, nor a pair that
-- keeps waking each other.
local task = require "procrun.task"
local check = require "tests.lib.check"

local stop = false
local q = task.queue()
task.spawn(function()
  while not stop do
    q:put(1)
    q:get()
  end
end)
local turns = 0
task.spawn(function()
  while not stop do
    turns = turns + 1
    task.yield()
  end
end)
local start = check.now()
task.sleep(0.05)
assert(check.now() - start < 2)
assert(turns > 5, turns)
stop = true
task.yield()

local ping, pong = task.queue(1), task.queue(1)
stop = false
local rounds = 0
local a = task.spawn(function()
  while not stop do
    ping:put(1)
    pong:get()
    rounds = rounds + 1
  end
  ping:close()
end)
local b = task.spawn(function() for v in ping do pong:put(v) end end)
start = check.now()
task.sleep(0.02)
assert(check.now() - start < 2)
stop = true
a:wait()
b:wait()
assert(rounds > 100, rounds)

-- Those that yield come round in turn.
local log = {}
local g <close> = task.group()
for i = 1, 3 do
  g:spawn(function() for _ = 1, 3 do log[#log + 1] = i task.yield() end end)
end
g:wait()
check.eq(table.concat(log), "123123123")
