-- timeout: 240
-- A child in a real cgroup: kill_tree, timeout, <close> reach also who has left the tree; the
-- cgroups go again, those of a procrun that was killed by the next one.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local cgroup = require "tests.lib.cgroup"
local check = require "tests.lib.check"

local base = cgroup.base()
-- The number of one of a session of its own, whose parent has gone.
local ORPHAN <const> = "sh -c 'setsid sleep 60 >/dev/null 2>&1 & echo $!'; "
local limits <const> = { memory = "64M" }

local function start(rest, options)
  local child = assert(proc.spawn("sh", { "-c", ORPHAN .. rest }, options))
  local orphan = child.stdout:read("n")
  assert(cgroup.lives(orphan))
  return child, orphan
end

local function is_dead(orphan, what)
  cgroup.wait(what, function() return not cgroup.lives(orphan) end)
end

local child, orphan = start("read _", { limits = limits })
assert(child:kill_tree())
check.eq(child:wait(20).signal, "SIGTERM")
is_dead(orphan, "kill_tree")

child, orphan = start("trap '' TERM; read _", { limits = limits, timeout = 5, kill_after = 0.2 })
local r = child:wait(20)
check.values({ n = 3, r.timed_out, r.signal, r.limit }, true, "SIGKILL", nil)
is_dead(orphan, "timeout")

do
  local closed <close>, other = start("read _", { limits = limits })
  child, orphan = closed, other
end
assert(child.result and not cgroup.lives(orphan))

-- ... also when the child itself has already ended
child, orphan = start("exit 0", { limits = limits })
assert(child:wait(20).ok)
assert(cgroup.lives(orphan))
assert(child:kill_tree())
is_dead(orphan, "kill_tree after the end")
cgroup.gone(base)

-- a uid of its own, which may not write to any cgroup
if proc.run("id", { "-u" }):text() == "0" then
  r = proc.run("cat", { "/proc/self/cgroup" }, { limits = limits, uid = 65534 })
  check.has(r.stdout, "procrun-")
end

-- a procrun within such a child does not leave it: its own children have rlimits, and it is
-- reached by what ends the outer one
local inner = check.write(check.tmp("inner.lua"), [[
  local proc = require "procrun.proc"
  print(proc.exec("cat /proc/self/cgroup; ulimit -d", {limits = {memory = "16M"}}):wait().stdout)
  local child = proc.spawn("sleep", {60}, {autokill = "tree"})
  print(child.pid)
  child:wait()
]])
child = assert(proc.spawn(process.exec_path, { inner }, { limits = limits }))
local dir = cgroup.of(base, child.pid)
check.eq(cgroup.own(child.stdout:read("l")):match("/[^/]*$"), dir:match("/[^/]*$"))
check.eq(child.stdout:read("n"), 16384)
local sleeper = child.stdout:read("n")
check.eq(cgroup.own(fs.read(("/proc/%d/cgroup"):format(sleeper))):match("/[^/]*/[^/]*$")
  :match("^/[^/]*"), dir:match("/[^/]*$"))
assert(child:kill_tree("KILL"))
check.eq(child:wait(20).signal, "SIGKILL")
is_dead(sleeper, "one of two cgroups")
child = nil -- luacheck: ignore
collectgarbage()

-- killed: its child lives on, and what was left is taken away by the next
local parent = assert(proc.spawn(process.exec_path, { "-e", [[
  local child = require "procrun.proc".spawn("sleep", {60}, {limits = {memory = "64M"}})
  print(child.pid)
  child:wait()
]] }))
sleeper = parent.stdout:read("n")
dir = cgroup.of(base, sleeper)
assert(parent:kill("KILL") and parent:wait(20))
cgroup.sweep()
assert(cgroup.lives(sleeper) and fs.stat(dir))
process.kill(sleeper, "KILL")
is_dead(sleeper, "the one left")
cgroup.sweep()
check.eq(fs.stat(dir), nil)
cgroup.gone(base)
