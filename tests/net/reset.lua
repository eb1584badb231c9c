-- A reset fails the other side's reads and writes, after what had come before it.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})

local function pair()
  local a = assert(net.connect(server:address().port, "127.0.0.1"))
  return a, assert(server:accept())
end

local a, b = pair()
assert(a:write("before\n"))
check.eq(b:read("l"), "before")
a:reset()
check.eq(a:fileno(), nil)
check.values(table.pack(b:read("l")), nil, "read: connection reset by peer", "ECONNRESET")
check.eq(select(3, b:write("x")), "EPIPE")
b:close()

-- The writer learns it, too.
a, b = pair()
local t = task.spawn(function()
  while true do
    local ok, _, code = a:write(("x"):rep(100000))
    if not ok then return code end
  end
end)
task.yield()
b:reset()
local code = t:wait()
assert(code == "ECONNRESET" or code == "EPIPE", code)
a:close()

-- By events.
a, b = pair()
local failed, closed = task.event(), task.event()
b:on("data", function() end)
b:on("end", function() error("that was no end") end)
b:on("error", function(err)
  check.eq(err.code, "ECONNRESET")
  failed:set()
end)
b:on("close", function() closed:set() end)
a:reset()
failed:wait()
closed:wait()
server:close()
