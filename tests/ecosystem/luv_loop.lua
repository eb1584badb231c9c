-- luv beside us: it has a libuv and a loop of its own; both see the ends of their own children.
-- (Not where both learn of them by the process's one SIGCHLD.)
-- build: no-launch-uv
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

rock.need("lua-luv", "luv")
rock.same [[
  local uv = require "luv"
  local timer = uv.new_timer()
  timer:start(1, 0, function()
    print "timer"
    timer:close()
  end)
  print(uv.run())
  local exit, read
  local pipe = uv.new_pipe(false)
  local handle
  handle = uv.spawn("sh", {args = {"-c", "echo out; exit 3"}, stdio = {nil, pipe, 2}}, function(...)
    exit = table.concat({...}, " ")
    handle:close()
  end)
  pipe:read_start(function(err, data)
    if not data then return pipe:close() end
    read = data
    print(err, coroutine.isyieldable(), select(2, coroutine.running()))
  end)
  print(uv.run(), exit, read)
  uv.fs_stat("/", function(err, stat) print(err, stat.type) end)
  uv.new_work(function(n) return n * n end, function(n) print("work", n) end):queue(7)
  print(uv.run(), uv.run("nowait"))
  uv.new_thread(function(n) print("a thread", n) end, 5):join()
  print(uv.cwd() == os.getenv "PWD", uv.hrtime() > 0)]]

-- Callbacks outlive the task that required it; a failing one ends the program as with lua.
local uv
task.spawn(function() uv = require "luv" end):wait()
for _ = 1, 3 do collectgarbage() end
local log = {}
local function note(what) log[#log + 1] = what end
local ours = proc.spawn("sh", {"-c", "read x; exit 4"})
local sleeper = task.spawn(function()
  task.sleep(0.005)
  note "task"
end)
local theirs
theirs = uv.spawn("sh", {args = {"-c", "exit 5"}}, function(code)
  note("luv " .. code)
  theirs:close()
end)
-- The loop of luv as a task: a turn every now and then, and ours goes on in between.
task.spawn(function()
  while uv.loop_alive() do
    uv.run "nowait"
    task.sleep(0.002)
  end
end):wait()
sleeper:wait()
ours.stdin:finish("\n")
check.eq(ours:wait().code, 4)
table.sort(log)
check.eq(table.concat(log, " "), "luv 5 task")

-- uv.run blocks us meanwhile, and a callback cannot wait: both say so.
local timer = uv.new_timer()
timer:start(1, 0, function()
  timer:close()
  note(select(2, pcall(task.sleep, 0.001)))
end)
uv.run()
check.has(log[#log], "cannot wait here")
local r = check.run [[
  local uv = require "luv"
  local timer = uv.new_timer()
  timer:start(1, 0, function()
    io.write "out"
    os.exit(6)
  end)
  uv.run()]]
check.values({r.out, r.err, r.code}, "out", "", 6)
