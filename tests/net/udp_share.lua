-- What the channel does with sockets: a duplicate of the descriptor, and an object of one.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local pipe = require "procrun.pipe"

local function descriptors()
  return #fs.readdir "/proc/self/fd"
end
local u = assert(net.udp())
assert(u:bind(0, "127.0.0.1"))
local port, before = u:address().port, descriptors()
check.eq(net._kind(u), "udp")
check.eq(net._kind {}, nil)
check.eq(net._kind(nil), nil)

local closed = 0
local v = assert(net._adopt("udp", assert(net._share(u)),
  { on_close = function() closed = closed + 1 end }))
check.eq(v.type, "udp4")
check.eq(v:address().port, port)
u:close()
assert(v:send("to itself", port, "127.0.0.1"))
check.eq(v:receive(10), "to itself")
v:close()
v:close()
check.eq(closed, 1)
check.eq(descriptors(), before - 1)
check.values(table.pack(net._share(v)), nil, "share: the socket is closed", "EBADF")

do -- dropped is closed, too
  local dropped = assert(net.udp())
  assert(net._adopt("udp", assert(net._share(dropped)),
    { on_close = function() closed = closed + 1 end }))
end
collectgarbage()
collectgarbage()
check.eq(closed, 2)

local six = net.udp(6)
if six then
  assert(six:connect(port, "::1"))
  local twin = assert(net._adopt("udp", assert(net._share(six))))
  check.eq(twin.type, "udp6")
  check.eq(twin:remote_address().port, port)
  check.eq(twin:disconnect(), true)
  twin:close()
  six:close()
end

-- Another kind is refused, and closed.
before = descriptors()
local a, b = assert(pipe.pair())
local fd = a:fileno()
check.eq(net._kind(a), nil)
local object, message, code = net._adopt("udp", fd)
check.eq(object, nil)
check.eq(message, ("descriptor %d is no UDP socket"):format(fd))
check.eq(code, "EINVAL")
check.eq(descriptors(), before + 1)
b:close()
