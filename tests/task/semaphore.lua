-- semaphore: at most n hold a permit, first come first served; none is lost, neither by a timeout
-- nor by a cancel at the very moment it is handed over.
local task = require "procrun.task"
local check = require "tests.lib.check"

local s = task.semaphore(2)
local running, most = 0, 0
local log = {}
do
  local g <close> = task.group()
  for i = 1, 6 do
    g:spawn(function()
      local permit <close> = s:acquire()
      assert(permit)
      log[#log + 1] = i
      running = running + 1
      most = math.max(most, running)
      task.sleep(0.001)
      running = running - 1
    end)
  end
end
check.eq(most, 2)
check.eq(table.concat(log), "123456")
check.eq(s:free(), 2)

-- Timeouts.
local a, b = s:acquire(), s:acquire(0)
check.values(table.pack(s:acquire(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(s:acquire(0.001)), nil, "timeout", "ETIMEDOUT")
a:release()
a:release() -- once
b:release()
check.eq(s:free(), 2)

-- A cancel of the one whose turn it is: the next one gets it.
s = task.semaphore(1)
local permit = s:acquire()
local first = task.spawn(function() local _ <close> = s:acquire() task.sleep(60) end)
local second = task.spawn(function() local _ <close> = s:acquire() return "second" end)
task.yield()
permit:release() -- first is woken
first:cancel()   -- and cancelled before it runs
check.eq(second:wait(), "second")
check.eq(s:free(), 1)

-- The other way round, with a timeout scope, and by many.
permit = s:acquire()
first = task.spawn(function() local _ <close> = s:acquire() task.sleep(60) end)
task.yield()
first:cancel()
permit:release()
first:wait()
check.eq(s:free(), 1)

for _ = 1, 200 do
  permit = s:acquire()
  local tasks = {}
  for i = 1, 3 do
    tasks[i] = task.spawn(function()
      return task.timeout(0, function() local _ <close> = s:acquire() task.yield() return true end)
    end)
  end
  task.yield()
  if math.random(2) == 1 then task.yield() end
  permit:release()
  if math.random(2) == 1 then tasks[math.random(3)]:cancel() end
  for i = 1, 3 do tasks[i]:wait() end
  check.eq(s:free(), 1)
end

-- More permits; none to begin with.
s = task.semaphore(0)
local t = task.spawn(function() return s:acquire() end)
task.yield()
s:release()
t:wait():release()
check.eq(s:free(), 1)

check.raises("bad argument #1 to 'semaphore' (number of permits expected)", task.semaphore)
check.raises("bad argument #1 to 'semaphore' (number of permits expected)", task.semaphore, -1)
check.raises("bad argument #1 to 'semaphore' (number of permits expected)", task.semaphore, 1.5)
