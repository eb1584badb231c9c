-- LP-6: kill says true when it has killed, and no signal goes out once the process was reaped.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local p = assert(proc.exec("sleep", { 60 }))
check.values({ p:kill() }, true)
check.values({ p:kill() }, true) -- not reaped yet
check.values({ p:wait() }, nil, "killed", 9, "SIGKILL", false)
check.values({ p:kill() }, nil, "invalid pid", "ESRCH")
check.values({ p:exit_code() }, nil, "killed", 9, "SIGKILL", false)

-- a number that now is another's: the child of this one sees no signal
local reused = assert(proc.exec("sleep", { 60 }))
reused.id, reused.pid = p.pid, p.pid -- only what is shown
check.values({ reused:kill("TERM") }, true)
check.values({ reused:wait() }, nil, "killed", 15, "SIGTERM", false)

p = assert(proc.exec("true", {}))
check.eq(p:wait(), 0)
check.values({ p:kill() }, nil, "invalid pid", "ESRCH")
check.eq(p:exit_code(), 0)
