-- A busy child with arguments, a number in its environment and a directory: killed, killed again
-- before it is reaped, and its end told as often as asked; then it can be forgotten.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local reader, writer = assert(fs.pipe())
local p, err, code = proc.exec(process.exec_path,
  { "-e", "print(os.getenv('XX'), process.cwd()) io.stdout:flush() while true do end" },
  { XX = 55 }, "/usr", nil, writer)
assert(p, err)
check.eq(code, nil)
assert(math.type(p.id) == "integer" and p.id == p.pid)
check.eq(reader:read("l"), "55\t/usr")
check.values({ p:exit_code() }, nil, "active")
check.eq(p:status(), "active")
check.values({ p:kill() }, true)
check.values({ p:kill() }, true)
check.values({ p:wait(proc.clock() + 20) }, nil, "killed", 9, "SIGKILL", false)
for _ = 1, 2 do
  check.values({ p:exit_code() }, nil, "killed", 9, "SIGKILL", false)
  check.eq(p:status(), "killed")
  check.eq(select("#", p:forget()), 0)
end
check.eq(p.result.signal, "SIGKILL")

-- another signal, by any of its names; a wrong one raises
p = assert(proc.exec("sleep", { 60 }))
check.values({ p:kill("TERM") }, true)
check.values({ p:wait() }, nil, "killed", 15, "SIGTERM", false)
p = assert(proc.exec("sleep", { 60 }))
check.raises("bad argument #1 to 'kill'", p.kill, p, "NOPE")
check.values({ p:kill(0) }, true)
check.eq(p:status(), "active")
check.values({ p:kill(2) }, true)
check.values({ p:wait() }, nil, "killed", 2, "SIGINT", false)
check.raises("call it with a colon: child:kill", p.kill)
