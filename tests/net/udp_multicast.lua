-- Groups: members get what is sent to the group, from the moment they join until they leave.
local check = require "tests.lib.check"
local net = require "procrun.net"

local GROUP <const> = "239.255.77.3"
local a <close> = assert(net.udp { reuse_address = true })
assert(a:bind(0))
local port = a:address().port
local b <close> = assert(net.udp { reuse_address = true })
assert(b:bind(port))
local sender <close> = assert(net.udp())
check.eq(sender:set_multicast_interface "127.0.0.1", true)
check.eq(sender:set_multicast_ttl(0), true)
check.eq(sender:set_multicast_loopback(true), true)
for i, member in ipairs { a, b } do
  check.eq(member:add_membership(GROUP, i == 1 and "lo" or "127.0.0.1"), true)
end
assert(sender:send("to all", port, GROUP))
check.eq(a:receive(10), "to all")
check.eq(b:receive(10), "to all")

check.values(table.pack(a:add_membership(GROUP, "lo")), nil,
  "add_membership: address already in use", "EADDRINUSE")
check.eq(a:drop_membership(GROUP, "lo"), true)
check.values(table.pack(a:drop_membership(GROUP, "lo")), nil,
  "drop_membership: cannot assign requested address", "EADDRNOTAVAIL")

-- From one source only.
check.eq(a:add_source_specific_membership("127.0.0.1", "232.1.2.3", "lo"), true)
assert(sender:send("from the source", port, "232.1.2.3"))
check.eq(a:receive(10), "from the source")
check.eq(a:drop_source_specific_membership("127.0.0.1", "232.1.2.3", "lo"), true)
check.eq(sender:set_multicast_loopback(false), true)

-- What cannot be
check.values(table.pack(a:add_membership("127.0.0.1", "lo")), nil,
  "add_membership: '127.0.0.1' is no multicast group (224.0.0.0 to 239.255.255.255)", "EINVAL")
check.values(table.pack(a:add_source_specific_membership("127.0.0.1", "10.0.0.1")), nil,
  "add_source_specific_membership: '10.0.0.1' is no multicast group (224.0.0.0 to 239.255.255.255)",
  "EINVAL")
check.values(table.pack(a:add_membership "ff02::1"), nil,
  "add_membership: 'ff02::1' is no IPv4 address", "EINVAL")
check.values(table.pack(a:add_membership(GROUP, "nope0")), nil,
  "add_membership: no interface has the name or address 'nope0'", "ENODEV")
check.values(table.pack(a:set_multicast_interface "nope0"), nil,
  "set_multicast_interface: no interface has the name or address 'nope0'", "ENODEV")
check.raises("bad argument #1 to 'add_membership' (address of a group expected, got nil)",
  a.add_membership, a)
check.raises("bad argument #1 to 'set_multicast_ttl' (integer from 0 to 255 expected, got 256)",
  a.set_multicast_ttl, a, 256)
check.raises("bad argument #1 to 'set_multicast_loopback' (boolean expected, got number)",
  a.set_multicast_loopback, a, 1)

local six <close> = assert(net.udp { family = 6 })
check.values(table.pack(six:drop_membership "::1"), nil,
  "drop_membership: '::1' is no multicast group (ff00::/8)", "EINVAL")
if six:bind(0, "::") then
  for _, interface in ipairs { "lo", "::%lo", 1 } do
    check.eq(six:add_membership("ff01::77", interface), true)
    check.eq(six:drop_membership("ff01::77", interface), true)
  end
  check.eq(six:set_multicast_interface "lo", true)
  check.eq(six:set_multicast_ttl(2), true)
  check.eq(six:set_ttl(5), true)
end
