-- A signal to the whole group: this process is told before it sees that its children have ended, so
-- nothing is started in their place.

local proc = require "proc"

local script = [[
local proc, task = require "proc", require "task"
local jobs = {}
for i = 1, 4 do
  jobs[i] = function()
    proc.run("sleep", {20}, {group = false})
    print("replaced")
  end
end
jobs[5] = function()
  proc.run("sh", {"-c", "sleep 0.05; kill -INT 0; sleep 20"}, {group = false})
end
task.all(jobs)
]]
for _ = 1, 5 do
  local r = proc.run(process.exec_path, {"-e", script}, {detached = true, timeout = "10s"})
  assert(r.signal == "SIGINT", tostring(r) .. r.stderr)
  assert(r.stdout == "", r.stdout)
end
