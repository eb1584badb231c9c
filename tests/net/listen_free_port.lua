-- server:listen() and server:listen(callback): at a port that is free, as in Node; nil is no port.
local check = require "tests.lib.check"
local net = require "procrun.net"

local server <close> = assert(net.create_server():listen())
check.eq(server:address().port > 0, true)
local heard = 0
local other <close> = net.create_server()
assert(other:listen(function() heard = heard + 1 end) == other)
local socket <close> = assert(net.connect(other:address().port))
check.eq(other:accept():peer().port, socket.local_port)
check.eq(heard, 1)
check.raises("bad argument #1 to 'listen' (port, path or options expected, got nil)",
  net.create_server().listen, net.create_server(), nil)
