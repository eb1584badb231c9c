-- INT, TERM and HUP: in order without a listener, at once the second time; listeners; nohup.
local proc = require "procrun.proc"
local procrun = os.getenv("PROCRUN")

-- Runs code, which tells on standard output when it is ready; sends a signal then, and one more for
-- every further line. Returns how it ended, and what it wrote after "ready".
local function signalled(code, signals, launcher)
  local file, args = procrun, {"-e", code}
  if launcher then file, args = "sh", {"-c", launcher .. ' exec "$0" -e "$1"', procrun, code} end
  local child <close> = assert(proc.spawn(file, args, {stderr = "stdout"}))
  local lines = {}
  for _, name in ipairs(signals) do
    local line = child.stdout:read("L")
    if line ~= "ready\n" then lines[#lines + 1] = line end
    assert(child:kill(name))
  end
  lines[#lines + 1] = child.stdout:read("a")
  local result = child:wait()
  return result.signal or result.code, table.concat(lines)
end

local function check(expected, text, code, ...)
  local how, got = signalled("local task = require 'task' " .. code, ...)
  if how ~= expected or got ~= text then
    error(("expected %s %q, got %s %q from\n%s"):format(expected, text, how, got, code), 2)
  end
end

local READY = "print 'ready' process.stdout:flush() "

-- Tasks are cancelled, clean-up runs and may wait; then it dies of that signal.
for _, name in ipairs {"INT", "TERM", "HUP"} do
  check("SIG" .. name, "other\nmain\nexit\n", [[
    local function closing(what, time)
      return setmetatable({}, {__close = function() task.sleep(time) print(what) end})
    end
    process:on("exit", function() print "exit" end)
    task.spawn(function() local _ <close> = closing("other", 0) task.sleep(60) end)
    local _ <close> = closing("main", "20ms")
    task.yield()]] .. READY .. "task.sleep(60)", {name})
end

-- A second one, whichever, at once.
check("SIGTERM", "busy\n", [[
  local _ <close> = setmetatable({}, {__close = function()
    print "busy" process.stdout:flush() while true do end
  end}) ]] .. READY .. "task.sleep(60)", {"INT", "TERM"})

-- `timeout` tells the process and then its group: that is one signal, and the end is in order.
do
  local code = [[
    local _ <close> = setmetatable({}, {__close = function() print "closed" end})
    require "task".sleep(60)]]
  local r = proc.run("timeout", {"-s", "INT", 0.3, procrun, "-e", code}, {group = true})
  assert(r.code == 124 and r.stdout == "closed\n", tostring(r) .. r.stdout)
end

-- A loop that never waits is broken, wherever it runs.
local loops = {
  "while true do end",
  "while true do pcall(function() while true do end end) end",
  "while true do xpcall(error, function() end) end",
  "coroutine.wrap(function() coroutine.wrap(function() while true do end end)() end)()",
  "while true do coroutine.wrap(function() end)() end",
  "while true do ('x'):rep(99):gsub('x', function() end) end",
  "table.sort({3, 2, 1}, function() while true do end end)",
  "task.timeout(60, function() while true do end end)",
}
for _, loop in ipairs(loops) do
  check("SIGINT", "closed\n", [[
    local _ <close> = setmetatable({}, {__close = function() print "closed" end}) ]]
    .. READY .. loop, {"INT"})
end
check("SIGTERM", "", READY .. loops[1], {"TERM"})
check("SIGHUP", "", READY .. loops[2], {"HUP"})

-- A listener replaces the default action, and its removal brings it back.
check(7, "SIGTERM\t15\n", "process:on('SIGTERM', function(...) print(...) process.exit(7) end) "
  .. READY .. "task.sleep(60)", {"TERM"})
check("SIGINT", "SIGINT\t2\nSIGINT\t2\n", [[
  local count = 0
  local function listener(...)
    count = count + 1
    if count == 2 then process.off("SIGINT", listener) end
    print(...)
    process.stdout:flush()
  end
  process.on("SIGINT", listener) ]] .. READY .. "task.sleep(60)", {"INT", "INT", "INT"})
-- It does not keep the process alive.
check(0, "end\n", "process:on('SIGTERM', print) process:on('SIGUSR1', print) print 'end'", {})
-- Tasks that are always busy, but let others run, do not delay it.
check(3, "", [[
  process:on("SIGTERM", function() process.exit(3) end)
  task.spawn(function() while true do task.yield() end end) ]] .. READY
  .. "task.sleep(60)", {"TERM"})

-- What was ignored when we were started stays ignored, while nobody listens.
check("SIGTERM", "SIGHUP\nalive\n", [[
  local function listener(name) print(name) process.stdout:flush() process:off("SIGHUP") end
  process:on("SIGHUP", listener) ]] .. READY
  .. "task.sleep('5ms') while process:listener_count('SIGHUP') > 0 do task.sleep('1ms') end "
  .. "os.execute('kill -HUP $PPID') print 'alive' process.stdout:flush() task.sleep(60)",
  {"HUP", "CONT", "TERM"}, "trap '' HUP;")
check("SIGTERM", "alive\n", READY
  .. "os.execute('kill -HUP $PPID') print 'alive' process.stdout:flush() task.sleep(60)",
  {"CONT", "TERM"}, "trap '' HUP;")
