-- What net.lookup cannot find is nil, a message with getaddrinfo's name for it, and Node's code.
local check = require "tests.lib.check"
local net = require "procrun.net"

-- Refused before any server is asked.
for _, name in ipairs { "not a name", ("a"):rep(70), "a..b", ("a."):rep(200) } do
  local address, message, code = net.lookup(name)
  check.eq(address, nil)
  check.eq(message, ("lookup %s: name or service not known (EAI_NONAME)"):format(name))
  check.eq(code, "ENOTFOUND")
end
check.values(table.pack(net.lookup ""), nil, 'lookup "": no name of a host (EAI_NONAME)',
  "ENOTFOUND")
check.values(table.pack(net.lookup "a\0b"), nil, 'lookup "a\\0b": no name of a host (EAI_NONAME)',
  "ENOTFOUND")
for _, name in ipairs { "127.0.0.1\0", "::1\0x" } do
  check.eq(select(3, net.lookup(name)), "ENOTFOUND")
  local udp <close> = assert(net.udp(6))
  check.eq(select(3, udp:send("x", 9, name)), "ENOTFOUND")
end

check.raises("bad argument #1 to 'lookup' (name of a host expected, got nil)", net.lookup)
check.raises("bad argument #1 to 'lookup' (name of a host expected, got number)", net.lookup, 80)
check.raises("bad argument #2 to 'lookup' (options expected, got string)", net.lookup, "x", "y")
check.raises("lookup: unknown option 'hints' (known: all, family, order, timeout)", net.lookup,
  "x", { hints = 1 })
check.raises("lookup: bad family '5' (use 4 or 6)", net.lookup, "x", 5)
check.raises("lookup: bad order 'random' (use 'verbatim', 'ipv4first' or 'ipv6first')", net.lookup,
  "x", { order = "random" })
check.raises("lookup: bad timeout (time expected (seconds, or \"1.5s\"), got \"soon\")", net.lookup,
  "x", { timeout = "soon" })
