-- Whoever listens to SIGCHLD hears it beside the runtime's own use of it, whoever came first.
local proc = require "procrun.proc"
local task = require "procrun.task"

if not os.getenv("PROCRUN_LAUNCH") then -- again, as if there were no pidfds, and by libuv
  for _, kind in ipairs { "clone-sigchld", "uv" } do
    local again = { extend_env = { PROCRUN_LAUNCH = kind }, stderr = "stdout", timeout = 100 }
    proc.run(process.exec_path, { arg[0] }, again):check()
  end
end

local heard = 0
local function listener() heard = heard + 1 end

local function hears(what)
  local before = heard
  proc.run("/bin/true"):check()
  local ok = task.timeout(20, function()
    while heard == before do task.sleep(0.001) end
    return true
  end)
  assert(ok, what)
end

process:on("SIGCHLD", listener)
hears("first")
hears("after all children have ended")
local running <close> = assert(proc.spawn("sleep", { "60" }))
hears("beside a running one")
process:off("SIGCHLD", listener)
proc.run("/bin/true"):check()
process:on("SIGCHLD", listener)
hears("on top of the runtime's own")
running:kill("KILL")
running:wait()
hears("when the runtime's own has gone")
process:off("SIGCHLD", listener)
assert(proc.run("/bin/true").ok)
