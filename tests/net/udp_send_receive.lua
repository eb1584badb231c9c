-- Datagrams go to a port and come with their sender, one by one, empty ones and lists included.
local check = require "tests.lib.check"
local net = require "procrun.net"

local a, b = assert(net.udp()), assert(net.udp())
check.eq(a.type, "udp4")
check.eq(a:bind(0, "127.0.0.1"), true)
local port = a:address().port

check.eq(b:send("one", port), true)
check.eq(b:send("", port, "127.0.0.1"), true)
check.eq(b:send({ "a\0b", 1, "\n" }, port, "localhost"), true)
check.eq(b:send(42, port), true)
local own = b:address()
check.eq(own.address, "0.0.0.0")
check.eq(own.family, "IPv4")
for _, wanted in ipairs { "one", "", "a\0b1\n", "42" } do
  local data, from = a:receive(10)
  check.eq(data, wanted)
  check.eq(from.address, "127.0.0.1")
  check.eq(from.port, own.port)
  check.eq(from.family, "IPv4")
  check.eq(from.size, #wanted)
  check.eq(from.truncated, nil)
end
check.eq(a:send("back", own.port), true)
check.eq(b:receive(10), "back")
check.values(table.pack(a:receive(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(a:receive "5ms"), nil, "timeout", "ETIMEDOUT")

a:close()
a:close()
check.values(table.pack(a:receive(1)), nil, "receive: the socket is closed", "EBADF")
check.values(table.pack(a:send("x", port)), nil, "send: the socket is closed", "EBADF")
check.values(table.pack(a:address()), nil, "address: the socket is closed", "EBADF")
check.eq(tostring(a), "udp (closed)")
check.eq(tostring(b), ("udp (0.0.0.0:%d)"):format(own.port))
