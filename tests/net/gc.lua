-- Servers and sockets that nobody refers to are closed by the collector.
local check = require "tests.lib.check"
local net = require "procrun.net"

local path = check.tmp("dropped.sock")
local port
do
  local server = assert(net.listen {host = "127.0.0.1", port = 0})
  port = server:address().port
  assert(net.listen(path))
end
collectgarbage()
collectgarbage()
check.eq(select(3, net.connect(port, "127.0.0.1")), "ECONNREFUSED")
check.eq(require "procrun.fs".exists(path), false)

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local socket = assert(net.connect(server:address().port, "127.0.0.1"))
do
  local accepted = assert(server:accept())
  assert(accepted:write("last words"))
end
check.eq(server:get_connections(), 1)
collectgarbage()
collectgarbage()
check.eq(server:get_connections(), 0)
check.eq(socket:read("a"), "last words")
socket:close()

-- A socket does not hold its server, nor a server its sockets.
local weak = setmetatable({server}, {__mode = "v"})
socket = assert(net.connect(server:address().port, "127.0.0.1"))
local accepted = assert(server:accept())
server = nil -- luacheck: ignore
collectgarbage()
collectgarbage()
check.eq(weak[1], nil)
assert(socket:write("still"))
check.eq(accepted:read(5), "still")
socket:close()
accepted:close()
