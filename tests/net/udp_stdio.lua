-- A UDP socket as a child's standard input: the child waits for datagrams as on any descriptor.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local proc = require "procrun.proc"

local server, client = assert(net.udp()), assert(net.udp())
assert(server:bind(0, "127.0.0.1"))
local port = server:address().port
local child = assert(proc.spawn("sh", {"-c", "echo ready; exec dd bs=100 count=1 status=none"},
  {stdin = server}))
check.eq(child.stdout:read("l"), "ready")
assert(client:send("for the child", port, "127.0.0.1"))
check.eq(child.stdout:read("a"), "for the child")
check.eq(child:wait().code, 0)

-- It is still ours, too, and a wait here stops no other task.
check.eq(fs.readlink("/proc/self/fd/" .. server:fileno()):match("^%a+"), "socket")
check.values(table.pack(server:receive("1ms")), nil, "timeout", "ETIMEDOUT")
assert(client:send("for us", port, "127.0.0.1"))
check.eq(server:receive(10), "for us")
client:close()
server:close()
check.eq(server:fileno(), nil)
check.raises("stdin: it has no descriptor: is it closed?", proc.spawn, "cat", {}, {stdin = server})
