-- A timeout: TERM for the whole tree, KILL after kill_after for whoever ignores it, and no longer.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local function lives(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  return stat ~= nil and not stat:find("%) [ZX]")
end

-- a grandchild dies with its parent
local began = timer.now()
local r = proc.run("sh", { "-c", "sleep 60 & echo $!; sleep 60" }, { timeout = 0.2 })
assert(timer.now() - began < 4)
assert(r.timed_out and not r.ok and r.errno == "ETIMEDOUT")
assert(r.signal == "SIGTERM" and r.code == nil)
assert(r.seconds >= 0.2 and not lives(r.stdout:match("%d+")))
assert(tostring(r):find("ran out of time after 0%.%d+ s"), tostring(r))
local ok, err = pcall(r.check, r)
assert(not ok and err.timed_out and err.code == "ETIMEDOUT")

-- who ignores TERM is killed, root and grandchild alike
local stubborn = "trap '' TERM; (while :; do sleep 1; done) & echo $!; while :; do sleep 1; done"
r = proc.run("sh", { "-c", stubborn }, { timeout = "100ms", kill_after = 0.2 })
assert(r.timed_out and r.signal == "SIGKILL" and not lives(r.stdout:match("%d+")))
assert(r.seconds >= 0.3 and r.seconds < 4)

-- the root ends on TERM, its child does not: run returns when both are gone
r = proc.run("sh", { "-c", "(trap '' TERM; while :; do sleep 1; done) & echo $!; exec sleep 60" },
  { timeout = 0.1, kill_after = 0.2 })
assert(r.timed_out and r.signal == "SIGTERM" and not lives(r.stdout:match("%d+")))

-- TERM may be used to clean up: the output of that counts, and so does the status. Two seconds for
-- the shell to get as far as its trap.
r = proc.run("sh", { "-c", "trap 'echo cleaned; exit 5' TERM; sleep 60 & wait" }, { timeout = 2 })
assert(r.timed_out and r.code == 5 and r.stdout == "cleaned\n" and not r.ok, tostring(r))

-- another signal
r = proc.run("sleep", { 60 }, { timeout = 0.05, kill_signal = "INT" })
assert(r.timed_out and r.signal == "SIGINT")

-- a pipe held by a grandchild counts for the timeout, even though the child itself has ended
began = timer.now()
r = proc.run("sh", { "-c", "sleep 60 & echo $!" }, { timeout = 0.3, stderr = "ignore" })
assert(r.timed_out and r.code == 0 and not r.ok and timer.now() - began < 4)
os.execute("kill " .. r.stdout)

-- in time: nothing happens; 0 and infinity are no limit
r = proc.run("true", { timeout = 30 })
assert(r.ok and not r.timed_out)
assert(proc.run("sleep", { 0.05 }, { timeout = 0 }).ok)
