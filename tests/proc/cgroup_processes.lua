-- timeout: 240
-- limits.processes by a real cgroup: no more than that many in the whole tree, of root, too; the
-- result says so; what is left of a fork bomb goes with it.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local cgroup = require "tests.lib.cgroup"
local check = require "tests.lib.check"

local base = cgroup.base()

-- refused, and not coped with
local MANY <const> = "for i in 1 2 3 4 5 6 7 8 9; do sleep 60 & done; exit 0"
local child = assert(proc.spawn("sh", { "-c", MANY },
  { limits = { processes = 5 }, stdio = "ignore" }))
local dir = cgroup.of(base, child.pid)
local r = child:wait(60)
check.eq(r.ok, false)
check.eq(r.limit, "processes")
check.eq(r.errno, "EAGAIN")
check.has(r, "failed with exit status 2 at its processes limit")
-- who lives on is still in there, and is still reached
local _, left = assert(fs.read(dir .. "/cgroup.procs")):gsub("%d+", "")
check.eq(left, 4)
assert(child:kill_tree("KILL"))
cgroup.wait("an empty cgroup", function() return fs.read(dir .. "/cgroup.procs") == "" end)

-- coped with
r = proc.run("sh", { "-c", "(true & true & true & true & true & wait) 2>/dev/null; exit 0" },
  { limits = { processes = 4 } })
check.values({ n = 2, r.ok, r.limit }, true, nil)

-- a fork bomb: bounded, ended by the timeout, nobody left
child = assert(proc.spawn("sh", { "-c", "b() { b | b & b; }; b 2>/dev/null & exec sleep 60" },
  { limits = { processes = 20, memory = "256M" }, timeout = 4, kill_after = 1, stdio = "ignore" }))
dir = cgroup.of(base, child.pid)
local most = 0
while not child.result do
  local now = tonumber(fs.read(dir .. "/pids.current") or 0)
  if now > most then most = now end
  child:wait(0.05)
end
assert(most > 10 and most <= 20, most)
check.eq(child.result.timed_out, true)
check.eq(fs.read(dir .. "/cgroup.procs") or "", "")

-- later, down and up
child = assert(proc.spawn("sh", { "-c", "read _; (true) || exit 3; read _; (true) && exit 4" },
  { limits = { processes = 10 }, stderr = "ignore" }))
dir = cgroup.of(base, child.pid)
check.eq(child:limit { processes = 1 }, true)
check.eq(fs.read(dir .. "/pids.max"), "1\n")
child.stdin:write("\n")
r = child:wait(60)
check.values({ r.code, r.limit, r.errno }, 2, "processes", "EAGAIN")
child = assert(proc.spawn("sh", { "-c", "read _; (true)" }, { limits = { processes = 1 } }))
check.eq(child:limit { processes = math.huge }, true)
child.stdin:finish("\n")
check.eq(child:wait(60).ok, true)

-- a hundred at once, each in its own; all go again
local children = {}
for i = 1, 100 do
  children[i] = assert(proc.spawn("sleep", { 60 }, { limits = { processes = 3, memory = "32M" } }))
end
assert(#cgroup.names(base) >= 100)
for _, each in ipairs(children) do assert(each:kill_tree()) end
for _, each in ipairs(children) do check.eq(each:wait(60).signal, "SIGTERM") end
cgroup.gone(base)
