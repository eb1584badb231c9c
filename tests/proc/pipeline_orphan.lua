-- pipeline after a forced end: functions do not wait for a pipe that a grandchild out of reach
-- holds; programs get no descriptor but 0 to 2.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

if not proc.which("setsid") then return print("skip: no setsid") end

-- A process in a session of its own, whose parent is gone; it has our outputs.
local ORPHAN <const> = "(setsid sh -c 'echo $$; exec sleep 60' & ) ; exec sleep 60"

local orphans = {}
local _ <close> = setmetatable({}, { __close = function()
  for _, pid in ipairs(orphans) do process.kill(pid, "KILL") end
end })

local function note(line)
  orphans[#orphans + 1] = math.tointeger(tonumber(line))
  return line
end

-- the first stage is killed, the function reads from the orphan's pipe
local job = assert(proc.start_pipeline({ "sh", "-c", ORPHAN, group = false }, note))
while #orphans < 1 do task.sleep(0.001) end
local began = proc.clock()
job.children[1]:kill("KILL")
local r = job:wait(20)
assert(r and r.stage == 1 and r.signal == "SIGKILL", tostring(r))
assert(r.stdout == orphans[1] .. "\n")
assert(proc.clock() - began < 10)

-- by a timeout, in the middle, and where the function writes to one
r = proc.pipeline({ "sh", "-c", ORPHAN }, note, { "cat" }, { timeout = 0.3 })
assert(r.timed_out and proc.clock() - began < 10)

-- descriptors of programs beside functions
r = proc.pipeline({ "true" }, function(l) return l end, { "sh", "-c", "ls /proc/$$/fd" },
  function(l) return l end, { "cat" })
if r.ok then check.eq(r.stdout:gsub("\n", " "), "0 1 2 ") end
