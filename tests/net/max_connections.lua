-- Over max_connections a connection is closed at once, and `drop` tells of it.
local check = require "tests.lib.check"
local net = require "procrun.net"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
server.max_connections = 2
check.eq(server.max_connections, 2)
local dropped = {}
server:on("drop", function(address) dropped[#dropped + 1] = address.port end)

local sockets = {}
for i = 1, 3 do sockets[i] = assert(net.connect(port, "127.0.0.1")) end
local first, second = assert(server:accept()), assert(server:accept())
check.eq(server:accept(0), nil)
check.eq(sockets[3]:read("a"), "")
check.eq(#dropped, 1)
check.eq(dropped[1], sockets[3].local_port)
first:close()
sockets[4] = assert(net.connect(port, "127.0.0.1"))
local third = assert(server:accept())
check.eq(third:peer().port, sockets[4].local_port)
server.max_connections = nil
sockets[5] = assert(net.connect(port, "127.0.0.1"))
local fourth = assert(server:accept(1))
for _, each in ipairs {second, third, fourth, table.unpack(sockets)} do each:close() end
server:close()
check.raises("max_connections: a count expected, got -1", function()
  server.max_connections = -1
end)
