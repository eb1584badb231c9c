-- net.lookup("localhost") gives a loopback address; all of them with `all`, in the order asked for.
local check = require "tests.lib.check"
local net = require "procrun.net"

local address, family = net.lookup "localhost"
check.eq(address, family == 4 and "127.0.0.1" or "::1")

local list = assert(net.lookup("localhost", { all = true, order = "ipv4first" }))
check.eq(#list >= 1, true)
local seen6 = false
for _, entry in ipairs(list) do
  check.eq(entry.family == 4 or entry.family == 6, true)
  if entry.family == 6 then seen6 = true end
  if entry.family == 4 then check.eq(seen6, false, "an IPv4 address behind one of IPv6") end
end
local other = assert(net.lookup("localhost", { all = true, order = "ipv6first" }))
check.eq(#other, #list)
check.eq(other[1].family, seen6 and 6 or 4)
for _, entry in ipairs(list) do
  check.values(table.pack(net.lookup("localhost", { family = entry.family })), entry.address,
    entry.family)
end
