-- process.kill: any process by its number, groups, the probe; what would hit everybody is refused.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"

local child = assert(proc.spawn("sleep", { 60 }, { stdio = "ignore" }))
check.eq(process.kill(child.pid, 0), true)
check.eq(process:kill(child.pid), true)
check.eq(child:wait(20).signal, "SIGTERM")
check.eq(child.killed, false) -- only child:kill says so

local nobody, message, code = process.kill(child.pid, 0)
assert(nobody == nil and code == "ESRCH", message)
check.has(message, "kill " .. child.pid .. ": no such process")
check.eq(select(3, process.kill(1 << 40, "TERM")), "ESRCH")

-- a group
child = assert(proc.spawn("sh", { "-c", "sleep 60 & echo; wait" }, { detached = true }))
child.stdout:read()
check.eq(process.kill(-child.pid, "SIGTERM"), true)
assert(child:wait(20).code or child.result.signal)
check.eq(child.stdout:read("a"), "") -- its end: the grandchild is gone, too

-- ourselves
local heard = task.event()
process:once("SIGUSR2", function(name) heard:set(name) end)
check.eq(process.kill(process.pid, "usr2"), true)
assert(heard:wait(20))

-- nobody by accident
check.raises("(0 would be our whole process group; name a process, or -group)", process.kill, 0)
check.raises("(-1 would be every process; name a process, or -group)", process.kill, -1, "TERM")
check.raises("bad argument #1 to 'kill' (number of a process expected, got nil)", process.kill)
check.raises("(number of a process expected, got 1.5)", process.kill, 1.5)
check.raises("(number of a process expected, got string)", process.kill, "1")
check.raises("bad argument #2 to 'kill' (unknown signal 'SIGFOO'", process.kill, process.pid,
  "SIGFOO")
check.raises("bad argument #2 to 'kill'", process.kill, process.pid, 1.5)
check.raises("bad argument #2 to 'kill'", process.kill, process.pid, -9)
