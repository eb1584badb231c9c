-- procrun.dump(): who waits for what, where and at which object; what keeps the process alive.
require "tests.lib.sync_dir"
local net = require "procrun.net"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local procrun = require "procrun"
local sync = require "procrun.sync"
local task = require "procrun.task"
local timer = require "procrun.timer"

local cat <close> = proc.spawn("cat")
local server = net.listen {host = "127.0.0.1", port = 0}
local reader = task.spawn(function() cat.stdout:read() end)
reader.name = "reader"
local joiner = task.spawn(function() reader:wait() end)
local accepting = task.spawn(function() server:accept() end)
local sleeper = task.spawn(function() task.sleep(100) end)
local watcher = assert(fs.watch("modules/procrun"))
local late = timer.every(100, function() end)
local by_c = timer.after(200, print)
process:on("SIGUSR2", print)
local _ <close> = sync.mutex("dump-test"):lock()
task.sleep(0.01) -- all of them wait by now

local parts = {}
procrun.dump {write = function(_, text) parts[#parts + 1] = text end}
assert(#parts == 1, "one write")
local text = parts[1]
local function expect(...)
  for _, pattern in ipairs {...} do
    assert(text:find(pattern), pattern .. " is not in\n" .. text)
  end
end
local here = "tests/procrun/dump%.lua:%d+"
expect(
  "^procrun %d[%d.]+ %(libuv [%d.]+, Lua 5%.4%.%d+%), pid " .. process.pid .. ", parent %d+",
  "\nkept alive by: the main task, which runs; task %d+ %(" .. here .. "%) %(a sleep, [%d.]+ s",
  "\ntasks %(%d+%):\n  the main task: has run %d+%.%d%d s\n    at " .. here,
  "\n  task %d+ 'reader' %(" .. here .. "%): has waited [%d.]+ s for input from a stream "
    .. "%(stdout of child " .. cat.pid .. "%)\n    at " .. here .. "\n    started by the main task",
  "for the end of task %d+ 'reader'",
  "for a connection %(server on 127%.0%.0%.1:" .. server:address().port .. "%)",
  "\nchildren %(1%):\n  child " .. cat.pid .. " %(cat%): has run [%d.]+ s, cpu [%d.]+ s, memory ",
  "\n  fd %d+, pipe: stdin of child " .. cat.pid .. ", out: 0 bytes unsent\n",
  "\n  fd %d+, pipe: stdout of child %d+, in: 0 bytes unread, read by task %d+\n",
  "\ntimers %(2%):\n  due in [%d.]+ s, every 100%.0 s, calls " .. here,
  "\n  due in [%d.]+ s, calls a C function\n",
  "\nservers %(1%):\n  server on 127%.0%.0%.1:%d+ %(fd %d+%): 0 connections, accepted by task %d",
  "\nsignals listened to %(1%):\n  SIGUSR2",
  "\nwatches %(1%):\n  watch of %d+ director%l+ %(fd %d+%)",
  "\nnamed objects %(1%):\n  mutex 'dump%-test': held by task 1")
assert(text:sub(-1) == "\n" and not text:find "\n\n")

local ok, message = pcall(procrun.dump, 7)
assert(not ok and message:find "bad argument #1 to 'dump' %(a stream or a file", message)

-- What cannot be written is told.
local closed = select(2, fs.pipe())
closed:close()
local code
ok, message, code = procrun.dump(closed)
assert(ok == nil and message == "write: the stream is closed" and code == "EPIPE", message)
local taken
assert(procrun.dump {write = function(_, part) taken = part end} == true and taken:find "^procrun ")

-- Globals and arguments that the script has changed do not matter.
local result = proc.run(process.exec_path, {"-e", [[
  collectgarbage = nil
  arg = setmetatable({setmetatable({}, {__tostring = error})}, {__index = error, __len = error})
  require "timer".after(100, print)
  require "procrun".dump(io.stdout)
  os.exit(0)]]})
assert(result.stdout:find "\nscript: nil table\n.*a timer that calls a C function in",
  tostring(result))

for _, t in ipairs {joiner, accepting, sleeper, reader} do t:cancel() end
late:cancel()
by_c:cancel()
process:remove_all_listeners("SIGUSR2")
server:close()
watcher:close()
