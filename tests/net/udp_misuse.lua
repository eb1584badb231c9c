-- Wrong calls raise errors that name the function and the argument.
local check = require "tests.lib.check"
local net = require "procrun.net"

check.raises("bad argument #1 to 'udp' (options expected, got boolean)", net.udp, true)
check.raises("udp: bad family '5' (use 4 or 6)", net.udp, 5)
check.raises("udp: unknown option 'reuse' (known: family, ipv6_only, max_message,", net.udp,
  { reuse = true })
check.raises("udp: bad option 'reuse_port' (boolean expected, got number)", net.udp,
  { reuse_port = 1 })
check.raises("udp: bad option 'max_message' (integer from 1 to 65535 expected, got 0)", net.udp,
  { max_message = 0 })

local u <close> = assert(net.udp())
check.raises("call it with a colon: udp:send(...)", u.send, "x", 1)
check.raises("call it with a colon: udp:set_ttl(...)", u.set_ttl, 1)
check.raises("bad argument #1 to 'send' (string expected, got nil)", u.send, u)
check.raises("bad argument #1 to 'send' (string expected at index 2, got table)", u.send, u,
  { "a", {} }, 1)
check.raises("send: to which port? call send(data, port, address), or connect()", u.send, u, "x")
check.raises("bad argument #2 to 'send' (port from 1 to 65535 expected, got 0)", u.send, u, "x", 0)
check.raises("bad argument #2 to 'send' (port from 1 to 65535 expected, got 65536)", u.send, u, "x",
  65536)
check.raises("bad argument #2 to 'send' (port from 1 to 65535 expected, got 80)", u.send, u, "x",
  "80")
check.raises("bad argument #3 to 'send' (address expected, got number)", u.send, u, "x", 80, 1)
check.raises("bad argument #1 to 'bind' (port from 0 to 65535 expected, got -1)", u.bind, u, -1)
check.raises("bind: unknown option 'host' (known: address, exclusive, port)", u.bind, u,
  { host = "x" })
check.raises("bad argument #1 to 'connect' (port from 1 to 65535 expected, got nil)", u.connect, u)
check.raises("bad argument #2 to 'udp' (function expected, got table)", net.udp, 4, {})

-- Node's callbacks would be waited for in vain
for name, args in pairs { bind = { 0, "127.0.0.1", print }, send = { "x", 9, "127.0.0.1", print },
  connect = { 9, "127.0.0.1", print }, close = { print } } do
  check.raises(("bad argument #%d to '%s' (function not expected; %s returns"):format(#args, name,
    name), u[name], u, table.unpack(args))
end

local data, message, code = u:receive(1)
check.eq(data, nil)
check.eq(message, "receive: the socket has no port yet, so nothing can come (bind or send first)")
check.eq(code, "EINVAL")
check.eq(select(3, u:address()), "EINVAL")
check.eq(select(3, u:bind(0, "192.0.2.77")), "EADDRNOTAVAIL")
check.eq(select(3, u:bind(0, "no such host")), "ENOTFOUND")
check.eq(select(3, u:send("x", 1, "no such host")), "ENOTFOUND")
