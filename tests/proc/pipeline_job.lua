-- start_pipeline: a job beside the caller; pipes of the whole, kill, <close>, what cannot start.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

-- pipes of the whole, program and function at the ends
for _, stages in ipairs { { { "cat" }, string.upper, { "cat" } },
  { string.upper, { "cat" }, function(l) return l end }, { function(l) return l:upper() end } } do
  stages[#stages + 1] = { stdin = "pipe", stdout = "pipe" }
  local job <close> = assert(proc.start_pipeline(table.unpack(stages)))
  assert(job.stdin:write("one\n"))
  assert(job.stdout:read() == "ONE")
  assert(job.result == nil)
  assert(job.stdin:finish("two"))
  assert(job.stdout:read("a") == "TWO")
  local r = job:wait(10)
  assert(r.ok and job:wait() == r and job.result == r and job:wait(0.1) == r)
end

-- an output that nobody reads belongs to the result
local job = assert(proc.start_pipeline({ "seq", 100000 }, { "cat" }, { stdout = "pipe" }))
assert(#job:wait(10).stdout == 588895)
job = assert(proc.start_pipeline({ "seq", 100000 }, function(l) return l end, { stdout = "pipe" }))
assert(#job:wait(10).stdout == 588895)
job = assert(proc.start_pipeline({ "yes" }, function(l) return l end,
  { stdout = "pipe", max_buffer = 10 }))
assert(job:wait(10).errno == "ENOBUFS")

-- one pipe for the stderr of all
job = assert(proc.start_pipeline({ "sh", "-c", "echo one >&2" },
  { "sh", "-c", "cat; echo two >&2" }, { stderr = "pipe" }))
local lines = {}
for line in job.stderr:lines() do lines[#lines + 1] = line end
table.sort(lines)
assert(table.concat(lines, " ") == "one two" and job:wait(10).ok)
job = assert(proc.start_pipeline({ "sh", "-c", "echo one >&2" },
  { "sh", "-c", "cat; echo two >&2" }, { stderr = "pipe" }))
assert(#job:wait(10).stderr == 8)

-- several tasks wait; a wait that runs out; kill
job = assert(proc.start_pipeline({ "sleep", 60 }, { "cat" }))
assert(#job.children == 2 and job.children[1].pid)
local _, message, code = job:wait(0.01)
assert(message == "timeout" and code == "ETIMEDOUT")
local a, b = task.spawn(job.wait, job), task.spawn(job.wait, job)
assert(job:kill("SIGINT"))
local ra, rb = a:wait(), b:wait()
assert(ra == rb and ra.stage == 1 and ra.signal == "SIGINT", tostring(ra))
_, message, code = job:kill()
assert(code == "ESRCH", message)

-- <close> ends programs, what they have started, and functions
local pid, ended
do
  local _ <close> = assert(proc.start_pipeline({ "sh", "-c", "sleep 60 & echo $!; wait" },
    function(l)
      pid = pid or l
      local _ <close> = setmetatable({}, { __close = function() ended = true end })
      task.sleep(60)
    end, { "cat" }))
  while not pid do task.sleep(0.001) end
end
assert(ended)
local info = proc.info(math.tointeger(tonumber(pid)))
assert(not info or info.state == "Z")

-- a task that is cancelled in pipeline
local children = {}
local t = task.spawn(function()
  proc.pipeline({ "sh", "-c", "echo $$; exec sleep 60" }, function(l) children[1] = l end,
    { "cat" })
end)
while not children[1] do task.sleep(0.001) end
t:cancel()
t:wait()
info = proc.info(math.tointeger(tonumber(children[1])))
assert(not info or info.state == "Z")

-- what cannot start ends the others
job, message, code = proc.start_pipeline({ "sleep", 60 }, function(l) return l end,
  { "/nonexistent" })
assert(job == nil and code == "ENOENT")
check.has(message, "start_pipeline /nonexistent: no such file or directory")

-- a function's error is raised by every wait, and at the end of the block where nobody has waited
job = assert(proc.start_pipeline({ "echo" }, function() error("no", 0) end))
for _ = 1, 2 do check.raises("no", job.wait, job) end
check.raises("at the end", function()
  local one <close> = assert(proc.start_pipeline({ "echo" }, function() error("at the end", 0) end,
    { "cat" }))
  while one.children[1]:status() == "active" or one.children[2]:status() == "active" do
    task.sleep(0.001)
  end
end)
local script = check.run [[
  local proc = require "procrun.proc"
  assert(proc.start_pipeline({ "echo" }, function() error("nobody waits") end))
]]
assert(script.code == 1)
check.has(script.err, "nobody waits")

-- job.result without a wait: nil while it runs, then how it has ended
job = assert(proc.start_pipeline({ "sh", "-c", "read x; exit 3" }, string.upper, { "cat" },
  { stdin = "pipe" }))
assert(job.result == nil)
job.stdin:finish("x\n")
while not job.result do task.sleep(0.001) end
assert(job.result.stage == 1 and job.result.code == 3)
assert(job:wait(10).code == 3)
job = assert(proc.start_pipeline({ "echo", "x" }, function() error "bad" end))
while not job.result do task.sleep(0.001) end
check.has(job.result, "raised an error (stage 2 of 2")
check.raises("bad", job.wait, job)

check.raises("call it with a colon", job.wait)
