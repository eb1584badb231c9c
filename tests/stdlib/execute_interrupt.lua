-- Ctrl-C while os.execute waits is the command's: only if it has died of it we end as well.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

-- In a session of its own; "ready" is told when the command is there, then the group is struck.
local function run(script, signal)
  local child = proc.spawn(process.exec_path, {"-e", script},
    {detached = true, stdin = "ignore", stderr = "inherit"})
  check.eq(child.stdout:read(), "ready")
  assert(process.kill(-child.pid, signal))
  local rest = child.stdout:read("a")
  return rest, child:wait()
end

-- It dies of it: so do we, in order.
local out, r = run([[
  local _ <close> = setmetatable({}, {__close = function() print("cleaned up") end})
  print(pcall(os.execute, "echo ready; exec sleep 1000"))
  print("not reached")]], "SIGINT")
check.eq(out, "cleaned up\n")
check.eq(r.signal, "SIGINT")

-- It has a use for it, as an editor has: we go on.
out, r = run([[
  print(os.execute("trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.01; done"))
  print(os.execute("trap 'exit 6' INT; kill -INT $$; sleep 1"))
  print("goes on")]], "SIGINT")
check.eq(out, "caught\nnil\texit\t5\nnil\texit\t6\ngoes on\n")
check.eq(r.code, 0)

-- SIGQUIT ends the command alone, and afterwards means what it did before.
out, r = run([[
  print(os.execute("ulimit -c 0; echo ready; exec sleep 1000"))
  os.execute("kill -QUIT $PPID")
  print("goes on")
  process.stdout:flush()
  local proc = require "procrun.proc"
  local script = os.getenv("TMPDIR") .. "/after.lua"
  local f <close> = io.open(script, "w")
  f:write("os.execute('true') process.kill(process.pid, 'SIGQUIT') io.read()")
  f:flush()
  local r = proc.run("sh", {"-c", "ulimit -c 0; exec \"$0\" \"$1\"", process.exec_path, script})
  print(r.signal)]], "SIGQUIT")
check.eq(out, "nil\tsignal\t3\ngoes on\nSIGQUIT\n")
check.eq(r.code, 0)

-- A command that dies of a SIGINT which we never got does not end us.
check.values({os.execute("kill -INT $$")}, nil, "signal", 2)

-- A listener hears it.
out, r = run([[
  process:on("SIGINT", function() print("heard") end)
  print(os.execute("trap 'exit 5' INT; echo ready; while :; do sleep 0.01; done"))]], "SIGINT")
check.has(out, "heard\n")
check.has(out, "nil\texit\t5\n")
check.eq(r.code, 0)
