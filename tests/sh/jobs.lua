-- Jobs: commands beside the script; they end with their block or with the script, and no failure of
-- one is silent.
-- timeout: 60
local check = require "tests.lib.check"
local marked = require "tests.lib.marked"
local sh = require "procrun.sh"
local task = require "procrun.task"

local job = sh.start "sleep 60"
check.eq(job:running(), true)
check.eq(math.type(job.pid), "integer")
check.has(tostring(job), "(sleep 60)")
check.eq(select(3, job:wait(0.01)), "ETIMEDOUT")
check.eq(job:kill(), true)
check.eq(job:wait().signal, "SIGTERM") -- asked for: no failure
check.eq(job:running(), false)
check.eq(select(3, job:kill()), "ESRCH")
check.eq(sh.start("true"):wait().ok, true)
check.eq(sh.start({ "sh", "-c", "echo kept", stdout = "capture" }):wait():text(), "kept")
check.raises("exit status 3", function() sh.start("sh -c 'exit 3'"):wait() end)
check.eq(sh.start({ "sh", "-c", "exit 3", check = false }):wait().code, 3)

-- what cannot start is told by wait
job = sh.start "no-such-program"
check.eq(job:running(), false)
check.raises("command not found: no-such-program", job.wait, job)

-- the pipes that an option asks for
job = sh.start { "cat", stdin = "pipe", stdout = "pipe" }
job.stdin:finish("through\n")
check.eq(job.stdout:read("a"), "through\n")
check.eq(job:wait().ok, true)

-- terminate: the tree, also where it does not listen
job = sh.start { "sh", "-c", "trap '' TERM; (trap '' TERM; exec sleep 60) & echo ready; wait; wait",
  stdout = "pipe" }
check.eq(job.stdout:read(), "ready")
check.eq(job:terminate(0.05).signal, "SIGKILL")

-- the end of a block
do
  local inner <close> = sh.start "sleep 60"
  job = inner
end
check.eq(job:running(), false)
check.raises("exit status 3", function()
  local inner <close> = sh.start "sh -c 'exit 3'"
  while inner:running() do sh.sleep(0.005) end
end)
check.raises("call it with a colon", function() job.wait() end)

-- the end of the script: what runs is ended; what had failed is told, and decides the status
local function ends(script, code, ...)
  local s <close> = marked.start('local sh = require "sh"\n' .. script)
  local r, text = s:finish()
  check.eq(r.code, code, text)
  for _, wanted in ipairs { ... } do check.has(text, wanted) end
  check.lacks(text, "traceback")
end
ends([[sh.start "sh -c 'sleep 600 & wait'" print "over"]], 0, "over")
ends([[local next_line = sh.lines "sh -c 'echo one; sleep 600; :'" print(next_line())]], 0, "one")
ends([[local job = sh.start "sh -c 'exit 5'" while job:running() do sh.sleep(0.005) end]], 5,
  ":2: exit status 5")
ends([[sh.start "no-such-program"]], 127, ":2: command not found")
ends([[local job = sh.start "sh -c 'exit 5'" pcall(job.wait, job)]], 0)
ends([[local job = sh.start "sh -c 'exit 5'" while job:running() do sh.sleep(0.005) end
sh "sh -c 'exit 6'"]], 6, ":2: exit status 5", ":3: exit status 6")
ends([[os.exit(3, sh.start "sleep 600" and true)]], 3)

-- a cancel of who waits leaves it running
job = sh.start "sleep 60"
local t = task.spawn(job.wait, job)
task.sleep(0.01)
t:cancel()
t:wait()
check.eq(job:running(), true)
job:terminate()
