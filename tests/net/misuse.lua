-- Wrong calls raise at the script's line, naming the function and what is wrong.
local check = require "tests.lib.check"
local net = require "procrun.net"

local function fails(text, fn, ...)
  local err = check.raises(text, fn, ...)
  check.has(err, "tests/net/misuse.lua:")
end

local function call(fn, ...)
  local arguments = table.pack(...)
  return function() return (fn(table.unpack(arguments, 1, arguments.n))) end
end

fails("bad argument #1 to 'listen' (port, path or options expected, got nil)", call(net.listen))
fails("bad argument #1 to 'connect' (port, path or options expected, got boolean)",
  call(net.connect, true))
fails("listen: bad option 'port' (port from 0 to 65535 expected, got 65536)",
  call(net.listen, 65536))
fails("listen: bad option 'port' (port from 0 to 65535 expected, got 1.5)", call(net.listen, 1.5))
fails("connect: bad option 'port' (port from 0 to 65535 expected, got -1)", call(net.connect, -1))
fails("listen: one of port, path and fd is needed", call(net.listen, {}))
fails("listen: only one of port, path and fd may be given",
  call(net.listen, {port = 1, path = "/x"}))
fails("listen: only one of port, path and fd may be given", call(net.listen, {port = 1, fd = 99}))
fails("listen: a host needs a port", call(net.listen, {path = "/x", host = "localhost"}))
fails("listen: mode is for a path", call(net.listen, {port = 1, mode = "600"}))
fails("listen: bad option 'mode' (mode (\"600\") expected, got \"900\")",
  call(net.listen, {path = "/x", mode = "900"}))
fails("listen: bad option 'path' (path (a leading NUL byte: an abstract name) expected",
  call(net.listen, {path = "a\0b"}))
fails("listen: bad option 'backlog' (count expected, got -1)",
  call(net.listen, {port = 0, backlog = -1}))
fails("listen: unknown option 'prot' (known: allow_half_open, backlog, fd, host,",
  call(net.listen, {prot = 80}))
fails("bad argument #3 to 'listen' (not expected; use options)",
  call(net.listen, 0, "127.0.0.1", 5))
fails("bad argument #2 to 'listen' (not expected; use options)", call(net.listen, "/x", "y"))
fails("connect: one of port and path is needed", call(net.connect, {host = "x"}))
fails("connect: only one of port and path may be given",
  call(net.connect, {port = 1, path = "/x"}))
fails("connect: bad option 'family' (4 or 6 expected, got 5)",
  call(net.connect, {port = 1, family = 5}))
fails("connect: bad option 'local_address' (numeric address expected, got \"here\")",
  call(net.connect, {port = 1, local_address = "here"}))
fails("connect: local_address ::1 is not of family 4",
  call(net.connect, {port = 1, local_address = "::1", family = 4}))
fails("bad argument #2 to 'connect' (function not expected; connect waits, and returns the socket)",
  call(net.connect, 1, print))
fails("bad argument #1 to 'create_server' (options expected, got string)",
  call(net.create_server, "x"))
fails("create_server: unknown option 'port'", call(net.create_server, {port = 80}))

local server = net.create_server()
fails("accept: the server does not listen yet", call(server.accept, server))
fails("connections: the server does not listen yet", call(server.connections, server))
fails("call it with a colon: server:accept(...)", call(server.accept))
fails("call it with a colon: server:close(...)", call(server.close, {}))
fails("bad argument #1 to 'close' (function expected, got number)", call(server.close, server, 1))
fails("get_connections: it takes no callback; it returns the number",
  call(server.get_connections, server, print))
fails("bad argument #2 to 'listen' (table not expected)", call(server.listen, server, 0, {}))
fails("listen: unknown option 'no_delay'",
  call(server.listen, server, {port = 0, no_delay = true}))
check.eq(tostring(server), "server (not listening)")
check.eq(server:get_connections(), 0)
assert(server:listen {port = 0, host = "127.0.0.1"})
fails("listen: the server listens already (server (descriptor ", call(server.listen, server, 0))

local socket <close> = assert(net.connect(server:address().port, "127.0.0.1"))
fails("call it with a colon: socket:peer(...)", call(socket.peer, server))
fails("bad argument #1 to 'no_delay' (boolean expected, got number)",
  call(socket.no_delay, socket, 1))
fails("bad argument #2 to 'keep_alive' (at most 32767 seconds, got 100000)",
  call(socket.keep_alive, socket, true, 100000))
local TIME <const> = '(time (seconds, or "1.5s") expected, got '
fails("bad argument #2 to 'keep_alive' " .. TIME .. '"soon")',
  call(socket.keep_alive, socket, true, "soon"))
fails("bad argument #1 to 'set_timeout' " .. TIME .. "-1)", call(socket.set_timeout, socket, -1))
fails("bad argument #2 to 'set_timeout' (function expected, got number)",
  call(socket.set_timeout, socket, 1, 2))
fails("bad argument #1 to 'accept' " .. TIME .. "table)", call(server.accept, server, {}))
fails("bad argument #1 to 'get_connections' " .. TIME, call(server.get_connections, server, "x"))
for _, f in ipairs {"listen", "connect"} do
  fails(f .. ": bad option 'timeout' " .. TIME .. '"x")',
    call(net[f], {port = 1, host = "127.0.0.1", timeout = "x"}))
  fails(f .. ": bad option 'keep_alive' (boolean or time of at most 32767 seconds expected, "
    .. "got -1)", call(net[f], {port = 1, host = "127.0.0.1", keep_alive = -1}))
end
check.has(tostring(socket), ("127.0.0.1:%d)"):format(server:address().port))
server:close()
server:close()
check.eq(tostring(server), "server (closed)")
fails("listen: the server was closed; make a new one", call(server.listen, server, 0))
check.values(table.pack(server:accept()), nil,
  "accept: the server was closed: operation canceled", "ECANCELED")

for text, family in pairs {
  ["127.0.0.1"] = 4, ["::1"] = 6, ["::ffff:1.2.3.4"] = 6, ["fe80::1%any"] = 6, [""] = 0,
  ["1.2.3"] = 0, ["01.2.3.4"] = 0, ["1.2.3.4 "] = 0, ["::1%"] = 0, ["localhost"] = 0, ["::g"] = 0,
  ["1.2.3.4\0"] = 0,
} do
  check.eq(net.is_ip(text), family, text)
  check.eq(net.is_ipv4(text), family == 4, text)
  check.eq(net.is_ipv6(text), family == 6, text)
end
check.eq(net.is_ip(nil), 0)
check.eq(net.is_ip({}), 0)
