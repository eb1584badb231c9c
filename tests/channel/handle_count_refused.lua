-- A socket that the peer has refused for good counts no more: a peer that has none of a server's
-- (Node answers no question about it then) is not asked, and does not hold up `close`.
-- requires: python3
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local child = worker.python [[
s.sendall(b'"ready"\n')
left = b''
while True:
  data, fds, _, _ = socket.recv_fds(s, 65536, 10)
  if not data: break
  for fd in fds: os.close(fd)
  *lines, left = (left + data).split(b'\n')
  for line in lines:
    if b'NODE_HANDLE' in line: s.sendall(b'{"cmd":"NODE_HANDLE_NACK"}\n')
]]
check.eq(child:receive(20), "ready")
local server = assert(net.listen { host = "127.0.0.1", port = 0, pause_on_connect = true })
local clients, refused = {}, task.semaphore(0)
for i = 1, 2 do
  clients[i] = assert(net.connect(server:address().port, "127.0.0.1"))
  assert(child:send("a socket", server:accept(), function(err)
    check.eq(err.code, "EREMOTEIO")
    refused:release()
  end))
end
for _ = 1, 2 do assert(refused:acquire(20)) end
check.eq(server:get_connections(20), 0)
local closed = task.event()
server:close(function() closed:set() end)
assert(closed:wait(20))
for _, client in ipairs(clients) do check.eq(client:read "a", "") end
child:disconnect()
child:wait()
