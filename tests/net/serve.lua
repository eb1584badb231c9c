-- serve: a task for each connection; a connection that fails is told and ends alone.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
check.raises("bad argument #1 to 'serve' (function expected, got nil)", server.serve, server)
local failures = task.queue(10)
server:on("error", function(err) failures:put(err) end)
local served = {}
local serving = task.spawn(server.serve, server, function(socket)
  for line in socket:lines() do
    served[#served + 1] = line
    assert(socket:write(line:upper(), "\n"))
  end
end)

local a, b = assert(net.connect(port, "127.0.0.1")), assert(net.connect(port, "127.0.0.1"))
assert(a:write("one\n") and b:write("two\n"))
check.eq(b:read("l"), "TWO")
check.eq(a:read("l"), "ONE")
a:reset()
local err = failures:get()
check.eq(err.code, "ECONNRESET")
check.eq(err.message, "read: connection reset by peer (from 127.0.0.1)")
assert(b:write("three\n"))
check.eq(b:read("l"), "THREE")

-- After the server has closed, what was begun is served to its end.
server:close()
task.yield()
check.eq(serving:status(), "waiting")
assert(b:finish("four"))
check.eq(b:read("a"), "FOUR\n")
check.eq(serving:wait(), true)
check.eq(#served, 4)
b:close()

-- A cancel ends the connections.
server = assert(net.listen {host = "127.0.0.1", port = 0})
serving = task.spawn(server.serve, server, function(socket) socket:read("a") end)
a = assert(net.connect(server:address().port, "127.0.0.1"))
repeat task.sleep(0.001) until server:get_connections() == 1
serving:cancel()
check.eq(a:read("a"), "")
serving:wait()
check.eq(server:get_connections(), 0)
a:close()

server:close()

-- Neither a timeout nor a cancel waits for them, be the server closed or not.
local function closed_with_one_connection()
  local closed = assert(net.listen {host = "127.0.0.1", port = 0})
  local client = assert(net.connect(closed:address().port, "127.0.0.1"))
  local begun = task.event()
  task.spawn(function()
    begun:wait()
    closed:close()
  end)
  return closed, client, function(socket)
    begun:set()
    socket:read("a")
  end
end
local client, serve
server, client, serve = closed_with_one_connection()
check.values(table.pack(task.timeout("50ms", server.serve, server, serve)), nil, "timeout",
  "ETIMEDOUT")
check.eq(client:read("a"), "")
client:close()
server, client, serve = closed_with_one_connection()
serving = task.spawn(server.serve, server, serve)
repeat task.sleep(0.001) until server:address() == nil
serving:cancel()
serving:wait()
check.eq(client:read("a"), "")
client:close()

-- A fault of the script is an uncaught error as everywhere.
local run = check.run [[
local net, task = require "net", require "task"
local server = assert(net.listen {host = "127.0.0.1", port = 0})
task.spawn(server.serve, server, function() error("a fault") end)
net.connect(server:address().port, "127.0.0.1"):read("a")
]]
check.eq(run.code, 1)
check.has(run.err, "a fault")
