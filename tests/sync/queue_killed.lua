-- Whoever is killed while it waits, wherever in the queue, costs nobody else a turn.
-- timeout: 60
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local mutex = assert(sync.mutex("m"))
local source = [[
local task = require "procrun.task"
local mutex = assert(require("procrun.sync").mutex("m"))
local t = task.spawn(function()
  local guard <close>, abandoned = mutex:lock()
  process.send { "has it", abandoned }
  process.receive()
  assert(guard)
end)
task.yield()
process.send "waits"
t:wait()
]]

-- Twelve wait; some are killed while they do, and one while it holds the mutex.
local guard = assert(mutex:lock())
local children = {}
for i = 1, 12 do
  children[i] = worker.fork(source)
  check.eq(children[i]:receive(), "waits")
end
for _, i in ipairs { 1, 2, 6, 7, 12, 11 } do
  assert(children[i]:kill("SIGKILL"))
  if i % 2 == 0 then children[i]:wait() end -- the others may still be ending
end
guard:unlock()
for _, i in ipairs { 3, 4, 5, 8, 9, 10 } do
  local message = children[i]:receive("20s")
  check.eq(message and message[1], "has it", "child " .. i)
  check.eq(message[2], i == 5 and "abandoned" or nil)
  if i == 4 then
    children[i]:kill("SIGKILL")
  else
    children[i]:send "go on"
  end
end
local last, abandoned = mutex:lock("20s")
assert(last)
check.eq(abandoned, nil)
