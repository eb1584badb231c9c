-- An exit sends what is unsent to a peer that reads, and is not held by one that does not.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"

local procrun = os.getenv("PROCRUN")
local MUCH <const> = 50000000

-- Starts a script that finds the port of a server here in `port`; returns child and connection.
local function start(script)
  local server <close> = assert(net.listen {host = "127.0.0.1", port = 0})
  local child = assert(proc.spawn(procrun, {"-e", ([[
    process.exit_timeout = "1h"
    local net, task = require "net", require "task"
    local bytes = ("x"):rep(%d)
    local socket = assert(net.connect(%d, "127.0.0.1"))
  ]]):format(MUCH, server:address().port) .. script}))
  return child, assert(server:accept())
end

-- A peer that never reads: what ends is not held, neither by the unsent bytes, nor by clean-up
-- that waits for them, nor by a block that was left.
local child, socket = start [[
  task.spawn(socket.write, socket, bytes)
  task.yield()
  os.exit(3)]]
local result = child:wait()
check.eq(result.code, 3)
check.eq(result.stderr, "")
assert(socket:read("a"):find("^x+$"))
socket:close()

child, socket = start [[
  local _ <close> = setmetatable({}, {__close = function()
    print((select(2, socket:write(bytes))))
    print((select(3, socket:write("more"))))
  end})
  os.exit(4)]]
result = child:wait()
check.eq(result.code, 4)
check.eq(result.stdout, "write: connection timed out\nETIMEDOUT\n")
socket:close()

child, socket = start [[
  task.timeout("10ms", function()
    local _ <close> = socket
    socket:write(bytes)
  end)
  socket = nil
  collectgarbage()
  os.exit(5)]]
result = child:wait()
check.eq(result.code, 5)
socket:close()

-- The same at a signal, of a server that serves.
child = assert(proc.spawn(procrun, {"-e", [[
  process.exit_timeout = "1h"
  local server = assert(require "net".listen {host = "127.0.0.1", port = 0})
  print(server:address().port)
  server:serve(function(socket) socket:write(("x"):rep(50000000)) end)]]}))
socket = assert(net.connect(tonumber(child.stdout:read("l")), "127.0.0.1"))
check.eq(socket:read(10), ("x"):rep(10))
child:kill("SIGTERM")
result = child:wait()
check.eq(result.signal, "SIGTERM")
check.eq(result.stderr, "")
socket:close()

-- A peer that reads gets everything, though its writer was cancelled.
child, socket = start [[
  task.spawn(socket.write, socket, bytes)
  task.yield()
  os.exit(6)]]
check.eq(#socket:read("a"), MUCH)
check.eq(child:wait().code, 6)
socket:close()
