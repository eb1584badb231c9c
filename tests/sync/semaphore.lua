-- A number of units for all processes together; those of a process that is killed come back.
-- timeout: 60
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local s = assert(sync.semaphore("s", 3))
check.eq(s:value(), 3)
local text = "semaphore 's' has 3 units where it is in use, not 4"
check.values(table.pack(sync.semaphore("s", 4)), nil, text, "EINVAL")

do
  local permit <close> = s:acquire()
  local second = assert(s:try_acquire())
  check.eq(s:value(), 1)
  second:release()
  second:release()
  check.eq(s:value(), 2)
  assert(permit)
end
check.eq(s:value(), 3)

-- Units without their permits; a permit whose unit was given back does nothing any more.
local permits = { s:acquire(), s:acquire(), s:acquire() }
check.values(table.pack(s:try_acquire()), nil, "semaphore 's' is used up", "EBUSY")
check.values(table.pack(s:acquire(0.001)), nil, "timeout", "ETIMEDOUT")
s:release(2)
check.eq(s:value(), 2)
permits[1]:release()
permits[2]:release()
check.eq(s:value(), 2)
permits[3]:release()
check.eq(s:value(), 3)

local source = [[
local s = assert(require("procrun.sync").semaphore("s", 3))
for i = 1, tonumber(arg[1]) do assert(s:acquire()) end
process.send "has them"
process.receive()
]]
local one, two = worker.fork(source, { 1 }), worker.fork(source, { 2 })
check.eq(one:receive(), "has them")
check.eq(two:receive(), "has them")
check.eq(s:value(), 0)
local waiting = {}
for i = 1, 3 do
  waiting[i] = task.spawn(function() return s:acquire("20s") end)
end
two:kill("SIGKILL") -- the first in the queue watches both
assert(waiting[1]:wait())
assert(waiting[2]:wait())
check.eq(s:value(), 0)
check.eq(waiting[3]:wait(0), nil)
one:kill("SIGKILL")
assert(waiting[3]:wait())
s:release(3)
check.eq(s:value(), 3)

-- Never more than three at a time, whatever is killed.
local many = [[
local task = require "procrun.task"
local s = assert(require("procrun.sync").semaphore("s", 3))
local inside = assert(require("procrun.sync").semaphore("inside", 3))
for i = 1, 50 do
  local permit <close> = s:acquire()
  local here <close> = assert(inside:try_acquire())
  task.yield()
  if arg[1] == "dies" and i == 25 then os.execute("kill -KILL " .. process.pid) end
end
]]
local probe = assert(sync.semaphore("inside", 3))
local children = {}
for i = 1, 8 do children[i] = worker.fork(many, { i % 4 == 0 and "dies" or "lives" }) end
for i = 1, 8 do
  local result = children[i]:wait("30s")
  check.eq(result.signal, i % 4 == 0 and "SIGKILL" or nil)
  check.eq(result.code, i % 4 ~= 0 and 0 or nil)
end
check.eq(s:value(), 3)
check.eq(probe:value(), 3)

-- Once nobody uses it, it may have another number.
s:close()
check.eq(assert(sync.semaphore("s", 4)):value(), 4)
check.eq(dir.entries()[1]:sub(1, 2), "p.")
