-- A wait that runs out or is cancelled leaves the queue, and a turn that comes just then goes on to
-- the next: whatever the order, in the end the mutex is free.
-- timeout: 60
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local a, b = assert(sync.mutex("m")), assert(sync.mutex("m"))
local held = assert(a:lock())
check.values(table.pack(task.spawn(a.lock, a, 0.001):wait()), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(task.spawn(b.lock, b, 0):wait()), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(task.spawn(task.timeout, 0.001, b.lock, b):wait()), nil, "timeout",
  "ETIMEDOUT")

-- Cancelled while waiting, first or in the middle.
local waiting = {}
for i = 1, 5 do
  waiting[i] = task.spawn(function()
    local guard <close> = (i % 2 == 0 and a or b):lock()
    assert(guard)
    return i
  end)
  task.yield()
end
waiting[1]:cancel()
waiting[3]:cancel()
held:unlock()
waiting[2]:cancel() -- the mutex is on its way to it
for _, i in ipairs { 4, 5 } do check.eq(waiting[i]:wait("10s"), i) end

-- Between processes: many short waits against many short locks.
local source = [[
local task = require "procrun.task"
local mutex = assert(require("procrun.sync").mutex("m"))
local got, lost = 0, 0
math.randomseed(tonumber(arg[1]))
for i = 1, 300 do
  local how = math.random(3)
  if how == 1 then
    local guard <close> = mutex:lock()
    got = got + 1
  elseif how == 2 then
    local guard <close> = mutex:lock(math.random() / 2000)
    if guard then got = got + 1 else lost = lost + 1 end
  else
    local t = task.spawn(function() local guard <close> = mutex:lock() end)
    for _ = 1, math.random(0, 3) do task.yield() end
    t:cancel()
    t:wait()
  end
end
print(got + lost > 0)
]]
local children = {}
for i = 1, 4 do children[i] = worker.fork(source, { i }, { silent = true }) end
for i = 1, 4 do
  check.eq(children[i].stdout:read("a"), "true\n")
  check.eq(children[i]:wait().code, 0)
end
assert(a:try_lock())
