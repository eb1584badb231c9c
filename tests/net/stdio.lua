-- A connection as a child's standard input and output.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local socket = assert(net.connect(server:address().port, "127.0.0.1"))
local accepted = assert(server:accept())
local child = assert(proc.spawn("tr", {"a-z", "A-Z"}, {stdin = accepted, stdout = accepted}))
accepted:close()
assert(socket:finish("served by a child\n"))
check.eq(socket:read("a"), "SERVED BY A CHILD\n")
check.eq(child:wait().code, 0)
socket:close()
server:close()
