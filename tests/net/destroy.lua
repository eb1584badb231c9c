-- close sends what was written; destroy does not; both tell `close` once.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})

local function pair()
  local a = assert(net.connect(server:address().port, "127.0.0.1"))
  return a, assert(server:accept())
end

local function fill(socket)
  return task.spawn(function() return socket:write(("x"):rep(20000000)) end)
end

local a, b = pair()
local t = fill(a)
task.yield()
local closing = task.spawn(function() return a:close() end)
check.eq(#b:read("a"), 20000000)
assert(t:wait())
assert(closing:wait())
b:close()

a, b = pair()
local closes = 0
a:on("close", function() closes = closes + 1 end)
t = fill(a)
task.yield()
check.eq(a.destroyed, false)
assert(a:destroy() == a and a:destroy() == a and a:close())
check.eq(a.destroyed, true)
check.eq(closes, 1)
check.eq(select(3, t:wait()), "ECANCELED")
assert(#b:read("a") < 20000000)
b:close()
server:close()
