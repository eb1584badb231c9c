-- To unlock with others waiting is to hand over: who unlocks cannot come in between, however
-- fast it is, and the first of the others has it from that moment.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local child = worker.fork [[
local sync = require "procrun.sync"
local mutex, semaphore = assert(sync.mutex("m")), assert(sync.semaphore("s", 2))
for i = 1, 50 do
  local guard, permits = mutex:lock(), { semaphore:acquire(), semaphore:acquire() }
  process.send "has it"
  process.receive()
  guard:unlock()
  permits[1]:release()
  process.send { select(3, mutex:try_lock()), select(3, semaphore:try_acquire()) }
  assert(process.receive() == "given back")
  permits[2]:release()
end
]]
local mutex, semaphore = assert(sync.mutex("m")), assert(sync.semaphore("s", 2))
for i = 1, 50 do
  check.eq(child:receive(), "has it", "round " .. i)
  local locked = task.spawn(mutex.lock, mutex)
  local acquired = task.spawn(semaphore.acquire, semaphore)
  task.yield()
  child:send "go on"
  local codes = child:receive()
  check.eq(table.concat(codes, " "), "EBUSY EBUSY", "round " .. i)
  assert(locked:wait()):unlock()
  assert(acquired:wait()):release()
  child:send "given back"
end
check.eq(child:wait().code, 0)
