-- before_exit comes when nothing is left to do, again after more work; exit comes last.
local procrun = os.getenv("PROCRUN")

local function run(code, status, expected)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>&1"):format(procrun, code)))
  local text = pipe:read("a")
  local _, _, got = pipe:close()
  assert(got == status, ("status %s: %s"):format(got, text))
  assert(not expected or text == expected, text)
  return text
end

run([[
local timer = require "timer"
local rounds = 0
process:on("before_exit", function(code)
  rounds = rounds + 1
  print("before", rounds, code)
  if rounds < 3 then timer.after("1ms", function() print("work", rounds) end) end
end)
process:on("exit", function(code) print("exit", code) end)
process.exit_code = 6]], 6, "before\t1\t6\nwork\t1\nbefore\t2\t6\nwork\t2\nbefore\t3\t6\nexit\t6\n")
-- It may wait itself.
run([[process:once("before_exit", function() require "task".sleep("1ms") print "waited" end)]], 0,
  "waited\n")
-- Not before an exit that was asked for, nor after an error.
run([[process:on("before_exit", print) process:on("exit", print) process.exit(3)]], 3, "3\n")
local text = run([[process:on("before_exit", print) process:on("exit", print) error("x", 0)]], 1)
assert(text:find("^procrun: x\n.*\n1\n$") and not text:find("\n0\n"), text)

-- The tasks have ended when exit listeners run; these may wait a little, and change the status.
run([[
local task = require "task"
task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() task.sleep("1ms") print "closed" end})
  task.sleep(60)
end)
task.yield()
process:on("exit", function() task.sleep("1ms") print "exit" process.exit_code = 9 end)
process.exit(3)]], 9, "closed\nexit\n")
run([[process:on("exit", function() process.exit(0) end) process:on("exit", print) error("x")]], 0)
run([[process:on("exit", function() os.exit(4) print "not here" end) process.exit(3)]], 4, "")
run([[process:on("exit", function() process.exit() end) process.exit(3)]], 3, "")
-- An error there is told, the other listeners still run.
text = run([[process:on("exit", function() error("in exit", 0) end) process:on("exit", print)]], 1)
assert(text:find("procrun: in exit\n", 1, true) and ("\n" .. text):find("\n0\n"), text)
-- What an exit listener leaves behind does not hold the process.
run([[process:on("exit", function()
  require "task".spawn(function() require "task".sleep(60) end)
end)]], 0, "")
-- A deadlock, also in a before_exit listener.
text = run([[process:on("before_exit", function() require "task".event():wait() end)]], 1)
assert(text:find("deadlock", 1, true), text)
