-- A child takes over the connection that it was given as a descriptor.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"

if arg[1] == "child" then
  local socket = assert(net.socket(tonumber(arg[2])))
  assert(socket:write(socket:read("l"):upper(), "\n"))
  socket:close()
  return
end

local server = assert(net.listen {host = "127.0.0.1", port = 0})
for fd, stdio in pairs {
  [3] = function(socket) return {"ignore", "inherit", "inherit", socket} end,
  [0] = function(socket) return {socket, "inherit", "inherit"} end,
} do
  local socket = assert(net.connect(server:address().port, "127.0.0.1"))
  local accepted = assert(server:accept())
  local child = assert(proc.spawn(arg[-1], {arg[0], "child", fd}, {stdio = stdio(accepted)}))
  accepted:close()
  assert(socket:write("given\n"))
  check.eq(socket:read("a"), "GIVEN\n")
  check.eq(child:wait().code, 0)
  socket:close()
end

check.values(table.pack(net.socket(server:fileno())), nil,
  ("socket (descriptor %d): no connection: invalid argument"):format(server:fileno()), "EINVAL")
check.eq(server.listening, true)
check.eq(select(3, net.socket {fd = 1000000}), "EBADF")
check.raises("socket: option 'fd' is missing", net.socket, {})
check.raises("socket: bad option 'fd' (count expected, got \"3\")", net.socket, "3")
check.eq(select(3, net.socket(0)), "ENOTSOCK")
check.eq(select(3, net.listen {fd = 0}), "ENOTSOCK")
server:close()
