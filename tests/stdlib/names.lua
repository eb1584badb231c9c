-- What a task waits for in os.execute, io.popen and FIFOs has a name in reports.
local check = require "tests.lib.check"
local procrun = require "procrun"
local task = require "procrun.task"

local fifo = check.tmp("fifo")
assert(os.execute("mkfifo '" .. fifo .. "'"))
local tasks = {
  task.spawn(os.execute, "sleep 1000"),
  task.spawn(function() io.popen("exec sleep 999"):read() end),
  task.spawn(function() io.popen("exec sleep 998", "w"):close() end),
  task.spawn(function() io.popen("exec sleep 997", "w"):write(("x"):rep(1000000)) end),
  task.spawn(io.open, fifo, "w"),
}
local text = ""
local function has_all()
  procrun.dump {write = function(_, part) text = text .. part end}
  for _, what in ipairs {"the end of `sleep 1000`", "input from `exec sleep 999`",
    "the end of `exec sleep 998`", "`exec sleep 997` to take bytes",
    "the other end of FIFO " .. fifo} do
    if not text:find(what, 1, true) then return false end
  end
  return true
end
repeat task.sleep("5ms") until has_all() -- one that looks again now and then may just be doing so
for _, t in ipairs(tasks) do t:cancel() end
for _, child in ipairs(require "procrun.proc".list {ppid = process.pid}) do
  process.kill(child.pid, "SIGTERM")
end
