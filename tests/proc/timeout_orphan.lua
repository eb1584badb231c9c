-- Who was left behind in the child's own group is ended with it: by a timeout, kill_tree, <close>
-- and max_buffer; and a timeout says how long was waited.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function lives(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  return stat ~= nil and not stat:find("%) [ZX]")
end

local LEAVES = "sleep 60 & echo $!; exit 0"

-- a timeout: the pipe is held by who was left behind
for _, own in ipairs { { group = true }, { detached = true } } do
  own.timeout, own.stderr = "300ms", "ignore"
  local r = proc.run("sh", { "-c", LEAVES }, own)
  assert(r.timed_out and r.code == 0 and not r.ok)
  assert(tostring(r):find("ran out of time after 0.3 s", 1, true), tostring(r))
  assert(not lives(r.stdout:match("%d+")))
end

-- the message of a callback, and of a pipeline
local done = task.event()
proc.exec("sleep 60", { timeout = 0.25 }, function(err)
  assert(err.message:find("ran out of time after 0.25 s", 1, true), err.message)
  done:set()
end)
done:wait()
local p = proc.pipeline({ "sleep", "60" }, { "cat" }, { timeout = 0.2 })
assert(p.timed_out and tostring(p):find("after 0.2 s", 1, true), tostring(p))

-- one that ignores TERM is killed, though the child ended long before
local stubborn = "(trap '' TERM; sh -c 'echo $PPID'; while :; do sleep 1; done) & exit 0"
local r = proc.run("sh", { "-c", stubborn }, { timeout = 0.5, kill_after = 0.2, group = true })
assert(r.timed_out and not lives(r.stdout:match("%d+")))

-- kill_tree after the end
local function ended(options)
  options.group, options.stdout, options.stderr = true, "pipe", "ignore"
  local child = assert(proc.spawn("sh", { "-c", LEAVES }, options))
  local pid = child.stdout:read("n")
  while child:status() == "active" do task.sleep(0.001) end
  return child, pid
end
local child, pid = ended {}
assert(lives(pid))
assert(child:kill_tree("KILL"))
while lives(pid) do task.sleep(0.001) end
local ok, _, code = child:kill_tree()
assert(not ok and code == "ESRCH")

-- max_buffer: whoever writes was left behind
r = proc.run("sh", { "-c", "yes & exit 0" }, { group = true, max_buffer = 1000 })
assert(r.errno == "ENOBUFS" and #r.stdout == 1000)
assert(not child:kill_tree())

-- <close> of one that nobody has waited for
do
  local c <close>, orphan = ended {}
  pid = orphan
  assert(c.pid and lives(pid))
end
assert(not lives(pid))

-- what a command has left behind is left alone where its end was waited for
r = proc.run("sh", { "-c", "sleep 60 >/dev/null 2>&1 & echo $!" }, { group = true })
pid = r.stdout:match("%d+")
assert(r.ok and lives(pid))
assert(require "procrun.process".kill(tonumber(pid), "SIGKILL"))
