-- `local child <close>`: leaving the block ends the tree and reaps it; forget and detached with
-- unref disarm that.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

-- nil for one that is gone, and for one that is just going
local function state(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  local letter = stat and stat:match("%) (%a)")
  return letter ~= "X" and letter or nil
end

local kept
do
  local child <close> = assert(proc.spawn("sh", { "-c", "sleep 60 & echo $!; wait" }))
  kept = { child, assert(child.stdout:read()) }
end
local child, grandchild = kept[1], kept[2]
assert(state(child.pid) == nil, "not reaped")
-- one look: init may reap it between two
assert((state(grandchild) or "Z") == "Z", "the tree lives on")
assert(child.killed and child:status() == "killed")
assert(select(4, child:exit_code()) == "SIGTERM" and child.result.signal == "SIGTERM")
assert(child:wait(1).signal == "SIGTERM")

-- grace, then KILL
local began = timer.now()
do
  local stubborn <close> = assert(proc.spawn("sh",
    { "-c", "trap '' TERM; echo ready; while :; do sleep 1; done" }, { kill_after = 0.2 }))
  assert(stubborn.stdout:read() == "ready")
  kept = stubborn
end
assert(timer.now() - began >= 0.2 and kept.result.signal == "SIGKILL")

-- by an error, and by a cancel
local function leave_by_error()
  local c <close> = assert(proc.spawn("sleep", { 60 }))
  kept = c
  error("left")
end
assert(not pcall(leave_by_error) and state(kept.pid) == nil)
local t = task.spawn(function()
  local c <close> = assert(proc.spawn("sleep", { 60 }))
  kept = c
  c:wait()
end)
task.sleep(0)
t:cancel()
t:wait()
assert(state(kept.pid) == nil and kept.result.signal == "SIGTERM")
local timed = task.timeout(0.05, function() return proc.run("sleep", { 60 }) end)
assert(timed == nil)

-- a child that has ended is left alone, and so is what it has left behind
do
  local c <close> = assert(proc.spawn("sh", { "-c", "sleep 60 >/dev/null 2>&1 & echo $!" }))
  grandchild = c:wait(10):text()
end
assert(state(grandchild) ~= nil)
os.execute("kill " .. grandchild)

-- disarmed
do
  local c <close> = assert(proc.spawn("sleep", { 60 }, { stdio = "ignore" }))
  kept = c
  c:forget()
  assert(c:status() == "forgotten" and select(2, c:exit_code()) == "forgotten")
end
assert(state(kept.pid) ~= nil and state(kept.pid) ~= "Z")
assert(kept:kill() and kept:wait(10).signal == "SIGTERM")
do
  local c <close> = assert(proc.spawn("sleep", { 60 }, { stdio = "ignore", detached = true }))
  kept = c:unref()
end
assert(state(kept.pid) ~= nil)
local stat = fs.read("/proc/" .. kept.pid .. "/stat"):match("%) (.*)")
local group, session = stat:match("^%a %d+ (%d+) (%d+)")
assert(tonumber(group) == kept.pid and tonumber(session) == kept.pid)
assert(kept:kill("KILL") and kept:wait(10).signal == "SIGKILL")
do
  local c <close> = assert(proc.spawn("sleep", { 60 }, { detached = true }))
  kept = c
end
assert(kept.result.signal == "SIGTERM", "detached alone does not disarm")
