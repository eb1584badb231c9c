-- no_delay, keep_alive, local_address, reuse_port: as the kernel then has it.
local check = require "tests.lib.check"
local net = require "procrun.net"

local options = {no_delay = true, keep_alive = 7, host = "127.0.0.1", port = 0, reuse_port = true}
local server = assert(net.listen(options))
local port = server:address().port
local second = assert(net.listen {port = port, host = "127.0.0.1", reuse_port = true})
second:close()
check.values(table.pack(net.listen {port = port, host = "127.0.0.1"}), nil,
  ("listen 127.0.0.1:%d: address already in use"):format(port), "EADDRINUSE")

-- false is what it says.
local alone = assert(net.listen {port = 0, host = "127.0.0.1", reuse_port = false})
check.eq(select(3, net.listen {port = alone:address().port, host = "127.0.0.1", reuse_port = true}),
  "EADDRINUSE")
alone:close()
local ended = net.create_server {allow_half_open = false}
assert(ended:listen(0, "127.0.0.1"))
local asking = assert(net.connect(ended:address().port, "127.0.0.1"))
local answering = assert(ended:accept())
answering:on("data", print)
asking:finish()
check.eq(asking:read("a"), "") -- not open for writing there any more
asking:close()
ended:close()

local socket = assert(net.connect {
  port = port, host = "127.0.0.1", local_address = "127.0.0.9", no_delay = true, keep_alive = true,
})
local accepted = assert(server:accept())
check.eq(socket.local_address, "127.0.0.9")
check.eq(accepted.remote_address, "127.0.0.9")

-- ss tells what the kernel thinks of them, where it is installed; the calls have to work anyway.
assert(accepted:no_delay() == accepted and accepted:no_delay(false) == accepted)
assert(accepted:keep_alive(true, "1.5s") == accepted and accepted:keep_alive(false) == accepted)
accepted:close()
check.values(table.pack(accepted:no_delay()), nil, "no_delay: bad file descriptor", "EBADF")
socket:close()

local bound = assert(net.connect {port = port, host = "127.0.0.1", local_port = 0})
check.eq(bound.local_address, "127.0.0.1")
bound:close()
local _, _, code = net.connect {port = port, host = "127.0.0.1", local_address = "192.0.2.1"}
check.eq(code, "EADDRNOTAVAIL")
server:close()

-- A path has none of them, and does not mind.
local path = check.tmp("options.sock")
server = assert(net.listen {path = path, no_delay = true, keep_alive = true})
socket = assert(net.connect {path = path, no_delay = true, keep_alive = 3})
accepted = assert(server:accept())
assert(accepted:no_delay() and accepted:keep_alive(true, 5))
socket:close()
accepted:close()
server:close()
