-- LP-11: who is forgotten is reaped in the background; its status is not lost.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local reader, writer = assert(fs.pipe())
local p = assert(proc.exec("/bin/sh", { "-c", "read x; exit 3" }, nil, nil, reader))
check.eq(select("#", p:forget()), 0)
p:forget()
check.values({ p:exit_code() }, nil, "forgotten")
check.eq(p:status(), "forgotten")
check.values({ p:wait() }, nil, "forgotten")
check.values({ p:kill() }, nil, "invalid pid", "ESRCH")
assert(fs.exists("/proc/" .. p.pid), "forget has ended it")
writer:close()
luapower.gone(p.pid)
check.eq(p:exit_code(), 3)
check.eq(p:status(), "finished")
check.eq(p:wait(), 3)
check.eq(luapower.children(), "")

-- nor is a handle needed that the script has dropped
for _ = 1, 5 do proc.exec("true", {}):forget() end
collectgarbage()
local last = proc.exec("true", {})
last:wait()
while luapower.children() ~= "" do require "procrun.task".sleep(0.002) end
