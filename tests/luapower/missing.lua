-- What luapower's manual lists as missing, at the objects of its functions: limits, what is used,
-- the end of what a child has started; alive.lua has the death with the parent.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local p = assert(proc.popen_async { "/bin/sh", "-c", "ulimit -n; read x", open_stdin = true,
  open_stdout = true, limits = { files = 77 } })
check.eq(p:read_stdout("*l"), "77")
local usage = assert(p:usage())
assert(usage.rss > 0 and usage.cpu_user >= 0 and usage.threads == 1)
check.eq(proc.info(p.id).pid, p.pid)
assert(p:limit { files = 66 })
p:write_stdin()
assert(p:wait())
assert(p.result.usage.cpu_user >= 0)
check.eq(select(3, p:usage()), "ESRCH")

p = assert(proc.exec { "dd", "if=/dev/zero", "of=" .. check.tmp("big"), "bs=4096", "count=10",
  stderr = "ignore", limits = { file_size = 8192, core = 0 } })
check.eq(select(4, p:wait()), "SIGXFSZ")
check.eq(p.result.limit, "file_size")

p = assert(proc.popen_async("/bin/sh", { "-c", "sleep 60 & echo $!; wait" }, nil, nil, nil, true))
local grandchild = p:read_stdout("*l")
check.eq(p:kill_tree("KILL"), true)
check.eq(select(4, p:wait()), "SIGKILL")
luapower.gone(p.pid)
assert(tonumber(grandchild))
repeat
  require "procrun.task".sleep(0.002)
  local info = proc.info(tonumber(grandchild))
until not info or info.state == "Z" or info.state == "X"
