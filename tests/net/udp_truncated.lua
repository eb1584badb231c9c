-- A datagram longer than max_message is cut and marked; one that is too long to send is refused.
local check = require "tests.lib.check"
local net = require "procrun.net"

local a <close> = assert(net.udp { max_message = 8 })
local b <close> = assert(net.udp())
assert(a:bind(0, "127.0.0.1"))
local port = a:address().port
assert(b:send("12345678", port))
assert(b:send("123456789", port))
local data, from = a:receive(10)
check.eq(data, "12345678")
check.eq(from.truncated, nil)
data, from = a:receive(10)
check.eq(data, "12345678")
check.eq(from.size, 9)
check.eq(from.truncated, true)

check.values(table.pack(b:send(("x"):rep(65508), port)), nil,
  ("send 65508 bytes to 127.0.0.1:%d: message too long"):format(port), "EMSGSIZE")
local whole <close> = assert(net.udp { recv_buffer = 1 << 18, send_buffer = 1 << 18 })
assert(whole:bind(0, "127.0.0.1"))
local large = ("0123456789"):rep(6550) .. "0123456"
assert(b:set_send_buffer_size(1 << 18))
assert(b:send(large, whole:address().port))
data, from = whole:receive(10)
check.eq(data == large, true)
check.eq(from.size, 65507)
