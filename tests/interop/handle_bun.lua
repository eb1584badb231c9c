-- Handles between procrun and a child of Bun: a server is shared, and a socket comes back.
-- timeout: 100
local check = require "tests.lib.check"
local net = require "procrun.net"
local peers = require "tests.lib.peers"

local child = peers.fork("bun", [[
process.on('message', (m, handle) => {
  if (m === 'server') {
    handle.on('connection', (s) => s.end('accepted there\n'));
    process.send('have it');
  } else if (m === 'socket') {
    process.send('back', handle);
  } else {
    process.send([m, handle === undefined || handle === null]);
  }
});
]])
local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local port = server:address().port
assert(child:send("server", server))
assert(child:send "behind")
check.eq(child:receive(60), "have it")
local plain = child:receive(60)
check.eq(plain[1], "behind")
check.eq(plain[2], true)
server:close()
local client = assert(net.connect(port, "127.0.0.1"))
check.eq(client:read "l", "accepted there")
client:close()

server = assert(net.listen { host = "127.0.0.1", port = 0 })
client = assert(net.connect(server:address().port, "127.0.0.1"))
assert(child:send("socket", assert(server:accept())))
local m, socket = child:receive(60)
check.eq(m, "back")
assert(socket:write "here again\n")
check.eq(client:read "l", "here again")
assert(client:write "and there\n")
check.eq(socket:read "l", "and there")
socket:close()
client:close()
server:close()
child:kill "SIGKILL"
check.eq(child:wait(60).signal, "SIGKILL")
