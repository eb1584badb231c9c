-- wait([expires]): a point in time; the code, or nil and the status; status and exit_code agree.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

local before, clock, after = timer.now(), proc.clock(), timer.now()
assert(before <= clock and clock <= after)

local function sleeper()
  local reader, writer = assert(fs.pipe())
  return assert(proc.exec("/bin/sh", { "-c", "read x; exit 4" }, nil, nil, reader)), writer
end

local p, writer = sleeper()
check.values({ p:wait(proc.clock() + 0.02) }, nil, "active")
check.values({ p:wait(proc.clock() - 1) }, nil, "active")
check.values({ p:wait(0) }, nil, "active")
check.values({ p:wait("10ms") }, nil, "active")
check.eq(p:status(), "active")
check.eq(p.result, nil)
writer:close()
check.values({ p:wait() }, 4)
check.values({ p:wait(0) }, 4)
check.values({ p:exit_code() }, 4)
check.eq(p:status(), "finished")
check.eq(p.result.code, 4)
check.has(p.result, "failed with exit status 4")

-- any number of tasks; a forget ends their waits
p, writer = sleeper()
local one, two = task.spawn(p.wait, p), task.spawn(p.wait, p, 1 / 0)
task.yield()
writer:close()
check.values({ one:wait() }, 4)
check.values({ two:wait() }, 4)
p, writer = sleeper()
one = task.spawn(p.wait, p)
task.yield()
p:forget()
check.values({ one:wait() }, nil, "forgotten")
writer:close()

-- a wait can be cancelled, and has its part in timeouts
p, writer = sleeper()
check.values({ task.timeout(0.02, p.wait, p) }, nil, "timeout", "ETIMEDOUT")
one = task.spawn(p.wait, p)
task.yield()
one:cancel()
check.eq(select(3, one:wait()), "ECANCELED")
writer:close()
check.eq(p:wait(), 4)

check.raises("bad argument #1 to 'wait' (time on proc.clock()", p.wait, p, "soon")
check.raises("bad argument #1 to 'wait' (time on proc.clock()", p.wait, p, {})
check.raises("call it with a colon: child:wait", p.wait)

-- it is a child in all other things
p = assert(proc.exec("/bin/sh", { "-c", "exit 6" }))
local told = task.queue(9)
p:on("exit", function(code, signal) told:put { code, signal } end)
check.eq(told:get("20s")[1], 6)
check.eq(p.spawnfile, "/bin/sh")
check.has(p, "child " .. p.pid .. " (/bin/sh)")
do
  local ended <close> = assert(proc.exec("sleep", { 60 }))
  p = ended
end
check.eq(p:status(), "killed")
