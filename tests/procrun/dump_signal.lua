-- SIGUSR1 writes the dump while the process waits and while a script is busy; nothing else changes:
-- the exit code, what the script prints, its own debug hook.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"
local workers = require "tests.lib.worker"

-- Runs a script that signals itself: what it has printed, its standard error.
local function run(script)
  script = "local function signal() process.kill(process.pid, 'SIGUSR1') end " .. script
  local result = proc.run(process.exec_path, {"-e", script}):check()
  return result.stdout, result.stderr
end

-- It waits.
local child <close> = proc.spawn(process.exec_path, {"-e", [[
  print "ready"
  io.read()
  print "done"
  os.exit(7)]]})
assert(child.stdout:read() == "ready")
child:kill("SIGUSR1")
local err = ""
while not err:find "\nstreams" do err = err .. assert(child.stderr:read_some()) end
check.matches(err, "the main task: has waited [%d.]+ s for input", "kept alive by: standard input")
child.stdin:finish("go\n")
assert(child.stdout:read("a") == "done\n" and child:wait("20s").code == 7)

-- It is busy, two calls deep and in a coroutine.
local out
out, err = run [[
  local function spin()
    signal()
    local stop = os.clock() + 0.01
    while os.clock() < stop do end
  end
  coroutine.wrap(function() spin() end)()
  print "done"]]
assert(out == "done\n")
check.matches(err, "kept alive by: the main task, which runs\n",
  "the main task: has run [%d.]+ s\n    at .-\n    at %(command line%):2\n"
    .. "    at %(command line%):6\n    at %(command line%):6")
assert(select(2, err:gsub("kept alive by", "")) == 1, err)

-- A count hook of the script's own goes on, with its own number.
out, err = run [[
  local calls = 0
  debug.sethook(function(event) assert(event == "count") calls = calls + 1 end, "", 1000)
  signal()
  local hook, mask, count = debug.gethook()
  local before = calls
  for i = 1, 100000 do end
  print(type(hook), mask, count, calls > before)]]
assert(out == "function\t\t1000\ttrue\n", out)
check.matches(err, "the main task: has run")

-- Who listens to the signal gets it, and no dump is written; then again.
out, err = run [[
  local event = require "task".event()
  process:once("SIGUSR1", function(name) print(name) event:set() end)
  signal()
  event:wait()
  signal()]]
assert(out == "SIGUSR1\n", out)
check.matches(err, "^procrun ")

-- A worker answers, too; it was started by fork and has a channel.
local worker <close> = workers.fork('process:send "ready" for _ in process:messages() do end', {}, {
  stdio = {"ignore", "inherit", "pipe", "ipc"}})
assert(worker:receive("20s") == "ready")
worker:kill("SIGUSR1")
local text = ""
task.timeout("20s", function()
  while not text:find "the channel to the parent" do text = text .. worker.stderr:read_some() end
end)
check.matches(text,
  "the channel to the parent, " .. process.pid .. ": connected, in: 0 messages, 0 bytes")
worker:disconnect()
assert(worker:wait("20s").ok)
