-- A dropped socket is closed by the collector; one with a listener is not.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"

local function descriptors()
  collectgarbage()
  collectgarbage()
  return #fs.readdir "/proc/self/fd"
end
local before = descriptors()
for _ = 1, 10 do assert(assert(net.udp()):bind(0)) end
check.eq(descriptors(), before)

local sender <close> = assert(net.udp())
local port
do
  local u = assert(net.udp())
  assert(u:bind(0, "127.0.0.1"))
  port = u:address().port
  u:on("message", function(data)
    check.eq(data, "still there")
    u:close()
    os.exit(0)
  end)
end
check.eq(descriptors(), before + 2)
assert(sender:send("still there", port))
require "procrun.task".sleep(10)
error "nobody was there"
