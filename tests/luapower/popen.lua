-- All three streams opened by popen_async: writer and readers in tasks of their own while the exit
-- is waited for; in the end everything is closed.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local script = check.write(check.tmp("async.lua"), [[
  local task = require "task"
  task.sleep(.01) print("Started")
  local n = assert(io.stdin:read("*n"))
  print("Got " .. n)
  assert(io.stdin:read("a") == "\n")
  for i = 1, 3 do
    task.sleep(.01) io.stderr:write("Error", i, "\n")
    task.sleep(.01) print("Hello" .. i)
  end
  os.exit(123)
]])
local p = assert(proc.popen_async { cmd = process.exec_path, args = { script }, autokill = true,
  open_stdin = true, open_stdout = true, open_stderr = true })

local function drain(read)
  local parts = {}
  while true do
    local bytes, err, code = read(p, 1024)
    if not bytes then
      check.eq(err, "broken_pipe")
      check.eq(code, "EPIPE")
      return table.concat(parts)
    end
    assert(#bytes > 0)
    parts[#parts + 1] = bytes
  end
end

local results = task.all {
  function()
    check.values({ p:write_stdin("1234\n") }, true)
    check.values({ p:write_stdin() }, true)
    return p:write_stdin("late")
  end,
  function() return drain(p.read_stdout) end,
  function() return drain(p.read_stderr) end,
  function() return p:wait(1 / 0) end,
}
check.eq(results[1], nil)
check.eq(results[2], "Started\nGot 1234\nHello1\nHello2\nHello3\n")
check.eq(results[3], "Error1\nError2\nError3\n")
check.eq(results[4], 123)
check.eq(p:exit_code(), 123)
p:forget()
assert(not p.stdin:fileno() and not p.stdout:fileno() and not p.stderr:fileno())

-- kill closes the pipes, too; whoever reads is told
p = assert(proc.popen_async("sleep", { 60 }, nil, nil, true, true, true))
local reader = task.spawn(function() return p:read_stdout("*l") end)
task.yield()
check.values({ p:kill() }, true)
local text, message, code = reader:wait()
assert(text == nil and message and code == "ECANCELED", code)
check.values({ p:read_stderr(1) }, nil, "broken_pipe", "EPIPE")
check.values({ p:write_stdin("x") }, nil, "broken_pipe", "EPIPE")
check.values({ p:wait() }, nil, "killed", 9, "SIGKILL", false)
