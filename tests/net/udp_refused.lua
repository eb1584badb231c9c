-- That nobody is there comes as a return value to whoever calls next, as an event to listeners, and
-- never ends the program.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

-- A port at which nobody is: one that was given back.
local gone = assert(net.udp())
assert(gone:bind(0, "127.0.0.1"))
local port = gone:address().port
gone:close()

local a <close> = assert(net.udp())
assert(a:connect(port))
check.eq(a:send "x", true)
check.values(table.pack(a:receive(10)), nil, "receive: connection refused", "ECONNREFUSED")
check.eq(a:send "x", true)
check.values(table.pack(a:send "y"), nil, "send 1 bytes: connection refused", "ECONNREFUSED")
check.values(table.pack(a:receive "5ms"), nil, "timeout", "ETIMEDOUT")

-- While nobody waits, it is kept for the next call.
a:ref()
check.eq(a:send "x", true)
task.sleep "10ms"
check.values(table.pack(a:receive(10)), nil, "receive: connection refused", "ECONNREFUSED")
a:unref()

-- With listeners: an error event if it is heard, and the socket goes on.
local told, heard = {}, task.event()
a:on("message", function(data) told[#told + 1] = data end)
check.eq(a:send "x", true)
task.sleep "5ms"
a:on("error", function(err)
  told[#told + 1] = err.code
  heard:set()
end)
check.eq(a:send "x", true)
assert(heard:wait(10))
check.eq(table.concat(told, " "), "ECONNREFUSED")
