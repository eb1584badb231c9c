-- A process that was stopped, or is killed, in the middle of a change: the loops of the others go
-- on, their waits run out in time, what they give back is given back later; a dead one is nothing
-- to wait for. What a process has in the middle of a change, a lock of the file, is held by a
-- script that can be told when.
-- requires: python3
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local sync = require "procrun.sync"
local task = require "procrun.task"

local SCRIPT <const> = [[
import fcntl, sys
file = open(sys.argv[1], "r+b")
for line in sys.stdin:
  if line == "whole\n": fcntl.lockf(file, fcntl.LOCK_EX, 1)
  else: fcntl.flock(file, fcntl.LOCK_EX if line == "in\n" else fcntl.LOCK_UN)
  print("done", flush=True)
]]

local function other_process(file)
  local child = assert(proc.spawn("python3", { "-c", SCRIPT, dir.path .. "/" .. file },
    { stderr = "inherit" }))
  return child, function(where)
    assert(child.stdin:write(where .. "\n"))
    check.eq(child.stdout:read("l"), "done")
  end
end

local mutex, other = assert(sync.mutex("x")), assert(sync.mutex("x"))
local child, put = other_process("mutex.x")

local guard = assert(mutex:lock())
put "in"
check.values(table.pack(task.spawn(other.lock, other, 0.01):wait()), nil, "timeout", "ETIMEDOUT")
local stuck = "mutex 'x': a process that was stopped in the middle of a change is in the way"
check.values(table.pack(other:try_lock()), nil, stuck, "EBUSY")
local waiting = task.spawn(function()
  local mine <close> = other:lock()
  return mine ~= nil
end)
task.yield()
guard:unlock() -- cannot be written yet
task.sleep(0.01)
check.eq(waiting:status(), "waiting")
put "out"
check.eq(waiting:wait("10s"), true)

-- Closing does not wait for it either.
put "in"
mutex:close()
check.eq(mutex.name, "x")
put "out"
assert(other:lock("10s"))
put "in"
other:unlock()
child:kill("SIGKILL")
assert(other:lock("10s"))

local event = assert(sync.event("x"))
child, put = other_process("event.x")
put "in"
local setter = task.spawn(function() return event:set() end)
task.yield()
check.eq(event:is_set(), false)
child:kill("SIGKILL")
check.eq(setter:wait("10s"), event)
check.eq(event:is_set(), true)
event:clear()

-- What happened before a wait began is not waited for, though it could not be seen when it began.
local second = assert(sync.event("x"))
child, put = other_process("event.x")
second:set():clear()
put "in"
local late = task.spawn(event.wait, event, 0.2)
task.yield()
put "out"
check.values(table.pack(late:wait()), nil, "timeout", "ETIMEDOUT")
child:kill("SIGKILL")

-- So does who opens or removes it.
event:set()
event:close()
second:close()
child, put = other_process("event.x")
put "whole"
local opening = task.spawn(sync.event, "x")
check.values(table.pack(opening:wait(0.01)), nil, "timeout", "ETIMEDOUT")
child:kill("SIGKILL")
check.eq(assert(opening:wait("10s")):is_set(), true)
