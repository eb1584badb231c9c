-- By events: listening, connections, and close after the last connection has closed.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local log, closed = {}, task.event()
local server = net.create_server(function(socket)
  log[#log + 1] = "connection"
  socket:on("data", function(bytes) socket:write(bytes:upper()) end)
  socket:on("end", function() log[#log + 1] = "end" end)
  socket:on("close", function() log[#log + 1] = "socket closed" end)
end)
server:on("listening", function() log[#log + 1] = "listening" end)
check.eq(server:address(), nil)
check.eq(server.listening, false)
assert(server:listen(0, "127.0.0.1", function() log[#log + 1] = "callback" end) == server)

local socket = assert(net.connect(server:address().port, "127.0.0.1"))
check.raises("a 'connection' listener takes what comes", server.accept, server)
assert(socket:write("hello"))
check.eq(socket:read(5), "HELLO")
server:close(function()
  log[#log + 1] = "server closed"
  closed:set()
end)
assert(socket:write("more"))
check.eq(socket:read(4), "MORE", "connections go on")
socket:finish()
check.eq(socket:read("l"), nil, "without allow_half_open the other side ends, too")
socket:close()
closed:wait()
check.eq(table.concat(log, " "),
  "listening callback connection end socket closed server closed")
