-- Sockets of family 6: IPv6, IPv4 as well unless ipv6_only.
local check = require "tests.lib.check"
local net = require "procrun.net"

local a <close> = assert(net.udp { family = 6 })
check.eq(a.type, "udp6")
local ok, message = a:bind(0, "::1")
if not ok then
  print("skip: no IPv6 here: " .. message)
  os.exit(77)
end
local b <close> = assert(net.udp "udp6")
assert(b:send("six", a:address().port))
local data, from = a:receive(10)
check.eq(data, "six")
check.eq(from.address, "::1")
check.eq(from.family, "IPv6")
check.eq(b:address().address, "::")

-- Both ways between the families.
local four <close> = assert(net.udp(4))
assert(four:bind(0, "127.0.0.1"))
assert(b:send("from six", four:address().port, "127.0.0.1"))
data, from = four:receive(10)
check.eq(data, "from six")
assert(four:send("from four", from.port, from.address))
data, from = b:receive(10)
check.eq(data, "from four")
check.eq(from.address, "::ffff:127.0.0.1")

local only <close> = assert(net.udp { family = 6, ipv6_only = true })
assert(only:bind(0))
local code = select(3, only:send("x", four:address().port, "127.0.0.1"))
check.eq(code, "ENETUNREACH")
check.values(table.pack(four:send("x", 9, "::1")), nil,
  "send 1 bytes to ::1:9: address family not supported by protocol", "EAFNOSUPPORT")
