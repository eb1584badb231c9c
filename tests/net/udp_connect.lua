-- A connected socket has one peer: others are not heard; disconnect undoes it and keeps the port.
local check = require "tests.lib.check"
local net = require "procrun.net"

local a <close> = assert(net.udp())
local b <close> = assert(net.udp())
local c <close> = assert(net.udp())
assert(a:bind(0, "127.0.0.1"))
assert(c:bind(0, "127.0.0.1"))
check.values(table.pack(a:remote_address()), nil,
  "remote_address: transport endpoint is not connected", "ENOTCONN")
check.values(table.pack(b:disconnect()), nil, "disconnect: the socket is not connected", "ENOTCONN")

check.eq(b:connect(a:address().port, "localhost"), true)
local port = b:address().port
local remote = b:remote_address()
check.eq(remote.address, "127.0.0.1")
check.eq(remote.port, a:address().port)
check.eq(remote.family, "IPv4")
assert(b:send "to a")
check.eq(a:receive(10), "to a")
assert(c:send("not heard", port))
assert(a:send("heard", port))
check.eq(b:receive(10), "heard")
check.raises("send: the socket is connected; call send(data), or disconnect() before", b.send, b,
  "x", port)

check.eq(b:disconnect(), true)
check.eq(b:address().port, port)
assert(c:send("heard now", port))
check.eq(b:receive(10), "heard now")
assert(b:send("anywhere", c:address().port))
check.eq(c:receive(10), "anywhere")
