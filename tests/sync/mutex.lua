-- One holder at a time, guards that unlock once, and what try_lock, timeouts and close do.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"

local m = assert(sync.mutex("one"))
check.eq(tostring(m), "mutex 'one'")

local first = assert(m:lock())
check.values(table.pack(m:try_lock()), nil, "mutex 'one' is locked", "EBUSY")
check.raises("bad call to 'lock' (this task has locked mutex 'one' already", m.lock, m)
local other = assert(sync.mutex("one")) -- another object of the same name
check.raises("this task has locked mutex 'one' already", other.lock, other)
check.values(table.pack(other:try_lock()), nil, "mutex 'one' is locked", "EBUSY")

-- Tasks have their turns in the order in which they came, through either object.
local order, tasks = {}, {}
for i = 1, 6 do
  tasks[i] = task.spawn(function()
    local guard <close> = (i % 2 == 0 and m or other):lock()
    order[#order + 1] = i
    assert(guard)
    task.yield()
  end)
  task.yield()
end
first:unlock()
first:unlock() -- once is enough: this does not take it from the next
for i = 1, 6 do tasks[i]:wait() end
table.sort(order)
check.eq(table.concat(order), "123456")

-- An error in the block unlocks, too.
pcall(function()
  local guard <close> = m:lock()
  assert(guard)
  error("in the block")
end)
assert(m:try_lock())
m:unlock()
check.raises("bad call to 'unlock' (mutex 'one' is not locked by this object)", m.unlock, m)

-- The guard of a lock that mutex:unlock() ended does not end a later one.
local old = assert(m:lock())
m:unlock()
local new = assert(m:lock())
old:unlock()
check.values(table.pack(other:try_lock()), nil, "mutex 'one' is locked", "EBUSY")
new:unlock()

-- Closing unlocks, and tells those who wait through this object.
assert(m:lock())
local waiting = task.spawn(function() return m:lock() end)
task.yield()
m:close()
m:close()
check.values(table.pack(waiting:wait()), nil, "mutex 'one' was closed", "ECANCELED")
check.raises("bad call to 'lock' (mutex 'one' is closed)", m.lock, m)
local guard, abandoned = assert(other:try_lock())
check.eq(abandoned, nil)
guard:unlock()
