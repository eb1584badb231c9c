-- An exit waits for its flushes as long as they make progress; then it warns and fails.
local proc = require "procrun.proc"
local task = require "procrun.task"
local procrun = os.getenv("PROCRUN")

local script = [[
process.exit_timeout = %s
task = require "task"
task.spawn(function() process.stdout:write(("x"):rep(1 << 20)) end)
task.yield()
io.stderr:write("leaving\n")
os.exit(0)]]

-- Nobody reads.
do
  local child <close> = assert(proc.spawn(procrun, {"-e", script:format("'50ms'")}))
  local errors = child.stderr:read("a")
  assert(errors:find("^leaving\n") and errors:find("no progress for 0.05 s", 1, true), errors)
  while child:exit_code() == nil do task.sleep("1ms") end
  assert(child:exit_code() == 1, child:exit_code())
end

-- Slow, but it goes on: longer in all than the limit, and nothing is lost.
do
  local child <close> = assert(proc.spawn(procrun, {"-e", script:format("'400ms'")}))
  assert(child.stderr:read("l") == "leaving")
  local size = 0
  for _ = 1, 8 do
    size = size + #assert(child.stdout:read(1 << 16))
    task.sleep("60ms")
  end
  size = size + #child.stdout:read("a")
  assert(size == 1 << 20, size)
  assert(child:wait().code == 0)
end

-- Clean-up that never comes to its end is broken off.
local r = proc.run(procrun, {"-e", [[
process.exit_timeout = 0.05
local task = require "task"
local _ <close> = setmetatable({}, {__close = function() task.event():wait("1h") end})
process.exit(0)]]})
assert(r.code == 1 and r.stderr:find("closed by force", 1, true), tostring(r))
r = proc.run(procrun, {"-e", [[
process.exit_timeout = 0.05
process:on("exit", function() require "task".sleep("1h") end)]]})
assert(r.code == 1 and r.stderr:find("'exit' listener has not returned", 1, true), tostring(r))
