-- kill and kill_tree: signals by name and number, ESRCH, the killed flag, the whole tree.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local function ended_by(signal, expected)
  local child = assert(proc.spawn("sleep", { 60 }))
  assert(child.killed == false)
  assert(child:kill(signal) == true and child.killed)
  local r = child:wait(10)
  assert(r.signal == expected and r.code == nil and child:status() == "killed")
  return child
end

ended_by(nil, "SIGTERM")
ended_by("SIGHUP", "SIGHUP")
ended_by("hup", "SIGHUP")
ended_by("INT", "SIGINT")
local child = ended_by(9, "SIGKILL")
local code, why, number, name = child:exit_code()
assert(code == nil and why == "killed" and number == 9 and name == "SIGKILL")

local none, message, errno = child:kill()
assert(none == nil and errno == "ESRCH" and message:find("has already ended"))
none, message, errno = child:kill_tree()
assert(none == nil and errno == "ESRCH" and message:find("have ended"))

-- 0 only asks
child = assert(proc.spawn("sleep", { 60 }))
assert(child:kill(0) and child:kill_tree(0) and not child.killed)
child:kill()
child:wait(10)
child = assert(proc.spawn("true"))
child:wait(10)
assert(select(3, child:kill(0)) == "ESRCH" and not child.killed)

-- a signal that is handled
local script = "trap 'echo got; exit 3' USR1; echo ready; while :; do sleep 0.05; done"
child = assert(proc.spawn("sh", { "-c", script }))
assert(child.stdout:read() == "ready" and child:kill("USR1"))
assert(child.stdout:read() == "got" and child:wait(10).code == 3 and child.killed)

-- the tree: grandchildren in other sessions, too
script = "setsid sleep 60 & echo $!; sh -c 'sleep 60 & echo $!; wait' & wait"
child = assert(proc.spawn("sh", { "-c", script }, { stderr = "ignore" }))
local first, second = child.stdout:read(), child.stdout:read()
assert(first and second and child:kill_tree("KILL") and child.killed)
assert(child:wait(10).signal == "SIGKILL")
for _, pid in ipairs { first, second } do
  local stop, stat = timer.now() + 10
  repeat
    stat = fs.read("/proc/" .. pid .. "/stat")
  until not stat or stat:find("%) [ZX]") or timer.now() > stop
  assert(not stat or stat:find("%) [ZX]"), stat)
end

-- stopped children are woken to die
child = assert(proc.spawn("sleep", { 60 }))
assert(child:kill("STOP") and child:kill_tree())
assert(child:wait(10).signal == "SIGTERM")
