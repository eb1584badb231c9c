-- Options of the socket and what the kernel lets one set on it.
local check = require "tests.lib.check"
local net = require "procrun.net"

local a <close> = assert(net.udp { recv_buffer = 50000, send_buffer = 60000 })
check.eq(a:get_recv_buffer_size() >= 50000, true)
check.eq(a:get_send_buffer_size() >= 60000, true)
local before = a:get_recv_buffer_size()
check.eq(a:set_recv_buffer_size(70000), true)
check.eq(a:get_recv_buffer_size() > before, true)
check.eq(a:set_send_buffer_size(70000), true)
check.eq(a:set_ttl(7), true)

local code = select(3, a:send("x", 9, "255.255.255.255"))
check.eq(code, "EACCES")
check.eq(a:set_broadcast(true), true)
check.eq(select(3, a:send("x", 9, "255.255.255.255")) ~= "EACCES", true)

-- Two of one port
local first <close> = assert(net.udp { reuse_port = true })
assert(first:bind(0, "127.0.0.1"))
local port = first:address().port
local second <close> = assert(net.udp { reuse_port = true })
check.eq(second:bind(port, "127.0.0.1"), true)
local third <close> = assert(net.udp())
check.values(table.pack(third:bind(port, "127.0.0.1")), nil,
  ("bind 127.0.0.1:%d: address already in use"):format(port), "EADDRINUSE")
check.values(table.pack(first:bind(0)), nil,
  ("bind: the socket is bound already, to 127.0.0.1:%d"):format(port), "EINVAL")

-- A closed one: the message names the call once.
first:close()
check.values(table.pack(first:set_ttl(7)), nil, "set_ttl: the socket is closed", "EBADF")
check.values(table.pack(first:get_recv_buffer_size()), nil,
  "get_recv_buffer_size: the socket is closed", "EBADF")
check.values(table.pack(first:add_membership("224.0.0.251")), nil,
  "add_membership: the socket is closed", "EBADF")
