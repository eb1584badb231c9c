-- set_timeout tells of each silence once, and of nothing while something moves.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local a = assert(net.connect(server:address().port, "127.0.0.1"))
local b = assert(server:accept())

local quiet, first = task.queue(10), 0
a:on("timeout", function() quiet:put(true) end)
check.eq(a.timeout, nil)
assert(a:set_timeout("20ms", function() first = first + 1 end) == a)
check.eq(a.timeout, 0.02)
quiet:get()
check.eq(select(3, quiet:get(0.1)), "ETIMEDOUT")
assert(a:write("traffic"))
quiet:get()
check.eq(first, 1)
a:set_timeout(0)
check.eq(a.timeout, nil)

-- While bytes come the time begins anew: the end comes before the timeout of a minute.
a:set_timeout(60)
assert(b:finish("traffic"))
check.eq(a:read("a"), "traffic")

-- A listener may close, or set another time.
local over = task.event()
b:once("timeout", function()
  b:on("timeout", function() b:destroy() end)
  b:set_timeout("10ms")
end)
b:on("close", function() over:set() end)
b:set_timeout("10ms")
over:wait()
a:close()
server:close()
