-- LP-12: the number and name of the signal, and whether a core was dumped, are not lost.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

for name, number in pairs { TERM = 15, KILL = 9, HUP = 1, USR1 = 10, PIPE = 13 } do
  local p = assert(proc.exec("/bin/sh", { "-c", "kill -" .. name .. " $$" }))
  check.values({ p:wait() }, nil, "killed", number, "SIG" .. name, false)
  check.values({ p:exit_code() }, nil, "killed", number, "SIG" .. name, false)
  check.eq(p:status(), "killed")
end
-- the flag of a core: never without one, and set where one can be seen
local p = assert(proc.exec("/bin/sh", { "-c", "ulimit -c 0; kill -TERM $$" }))
check.values({ p:wait() }, nil, "killed", 15, "SIGTERM", false)
local dir <close> = assert(fs.temp_dir())
p = assert(proc.exec("/bin/sh", { "-c", "ulimit -c unlimited; kill -SEGV $$" }, nil, dir.path))
local values = table.pack(p:wait())
check.eq(values[4], "SIGSEGV")
local pattern = check.read("/proc/sys/kernel/core_pattern")
if require "procrun.core.process".backend() ~= "uv" and not pattern:find("[/|]") then
  check.eq(values[5], #fs.readdir(dir.path) > 0)
end

-- a status above 128 is a status
p = assert(proc.exec("/bin/sh", { "-c", "exit 143" }))
check.values({ p:wait() }, 143)
