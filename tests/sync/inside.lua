-- A process that was stopped, or has died, in the middle of a change: the loops of the others go
-- on, their waits run out in time, what they give back is given back later; a dead one is nothing
-- to wait for. The word of the file that says who is inside is written by hand.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local INSIDE <const> = 32 -- its offset, as sync_file.h has it

local function put(kind, id)
  local file <close> = assert(io.open(dir.path .. "/" .. kind .. ".x", "r+b"))
  file:seek("set", INSIDE)
  assert(file:write(string.pack("=I8", id)))
end

local mutex, other = assert(sync.mutex("x")), assert(sync.mutex("x"))
local own = dir.entries()[2]
local child = worker.fork [[
assert(require("procrun.sync").event("y"))
process.send "there"
process.receive()
]]
check.eq(child:receive(), "there")
local id
for _, name in ipairs(dir.entries()) do
  local hex = name:match("^p%.(%x+)$")
  if hex and name ~= own then id = math.tointeger(("0x" .. hex) + 0) end
end

local guard = assert(mutex:lock())
put("mutex", id)
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
put("mutex", 0)
check.eq(waiting:wait("10s"), true)

-- Closing does not wait for it either.
put("mutex", id)
mutex:close()
check.eq(mutex.name, "x")
put("mutex", 0)
assert(other:lock("10s"))

local event = assert(sync.event("x"))
put("event", id)
local setter = task.spawn(function() return event:set() end)
task.yield()
check.eq(event:is_set(), false)
child:kill("SIGKILL")
check.eq(setter:wait("10s"), event) -- the one that was inside has died
check.eq(event:is_set(), true)
event:clear()

put("mutex", 0x123456789abcdef) -- nobody's
other:unlock()
assert(other:try_lock())
