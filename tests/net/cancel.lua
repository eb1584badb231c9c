-- A cancelled or timed out accept or connect leaves nothing behind, and loses no connection.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local function descriptors()
  return #assert(require "procrun.fs".readdir("/proc/self/fd"))
end

local server = assert(net.listen {host = "127.0.0.1", port = 0, backlog = 1})
local port = server:address().port
check.values(table.pack(server:accept(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(server:accept("10ms")), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(task.timeout(0.01, server.accept, server)), nil, "timeout", "ETIMEDOUT")
local t = task.spawn(server.accept, server)
task.yield()
t:cancel()
t:wait()

-- The queue is full: whoever comes now is not answered.
local waiting = {}
repeat
  local socket, _, code = net.connect {port = port, host = "127.0.0.1", timeout = 0.1}
  waiting[#waiting + 1] = socket
until code == "ETIMEDOUT"
local before = descriptors()
check.values(table.pack(net.connect {port = port, host = "127.0.0.1", timeout = 0.01}), nil,
  "timeout", "ETIMEDOUT")
t = task.spawn(net.connect, port, "127.0.0.1")
task.sleep(0.01)
check.eq(descriptors(), before + 1)
t:cancel()
t:wait()
check.eq(descriptors(), before)

-- Nothing of what stands in the queue was lost.
for _, socket in ipairs(waiting) do
  local accepted = assert(server:accept())
  assert(accepted:finish("yours"))
  accepted:close()
  check.eq(socket:read("a"), "yours")
  socket:close()
end

-- A close while a task waits.
t = task.spawn(function() return server:accept() end)
task.yield()
server:close()
check.values(table.pack(t:wait()), nil,
  "accept: the server was closed: operation canceled", "ECANCELED")
