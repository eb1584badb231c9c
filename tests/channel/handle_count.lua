-- A server counts the connections that it has sent away, and its `close` comes when they are
-- closed: among procrun processes, with a peer that takes no messages, one that is gone or silent.
-- requires: python3
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local server, port

local function listen()
  server = assert(net.listen { host = "127.0.0.1", port = 0 })
  port = server:address().port
end

local function connection()
  local client = assert(net.connect(port, "127.0.0.1"))
  return assert(server:accept()), client
end

-- Closes the server: an event that is set when it is told to be closed.
local function close()
  local closed = task.event()
  server:close(function() closed:set() end)
  return closed
end

-- two children, and connections of our own; what the children close counts no more
listen()
local children = {}
for i = 1, 2 do
  children[i] = worker.fork [[
local sockets = {}
for m, socket in process:messages() do
  if socket then sockets[#sockets + 1] = socket end
  if m == "close one" then table.remove(sockets):close() end
  process:send(#sockets)
end
]]
end
check.eq(server:get_connections(), 0)
local clients, own = {}, nil
for i = 1, 7 do
  own, clients[i] = connection()
  if i < 7 then assert(children[i % 2 + 1]:send("keep", own)) end
end
check.eq(server:get_connections(20), 7)
children[1]:send "close one"
for wanted = 1, 3 do check.eq(children[1]:receive(20), wanted) end
check.eq(children[1]:receive(20), 2)
check.eq(server:get_connections(20), 6)

-- keep_open: the connection is still one of ours
local kept
kept, clients[8] = connection()
assert(children[1]:send("keep", kept, { keep_open = true }))
check.eq(children[1]:receive(20), 3)
check.eq(server:get_connections(20), 7)
children[1]:send "close one"
check.eq(children[1]:receive(20), 2)
kept:close()

-- the end of the server: after all of them, or with the process that had them
local closed = close()
own:close()
check.eq(children[2]:send "close one", true)
check.values(table.pack(closed:wait(0.05)), nil, "timeout", "ETIMEDOUT")
for _ = 1, 2 do children[1]:send "close one" end
check.eq(children[1]:receive(20), 1)
check.eq(children[1]:receive(20), 0)
check.values(table.pack(closed:wait(0.05)), nil, "timeout", "ETIMEDOUT")
children[2]:kill "SIGKILL"
assert(closed:wait(20))
children[2]:wait(20)
check.eq(server:get_connections(20), 0)
children[1]:disconnect()
check.eq(children[1]:wait(20).code, 0)
for _, client in ipairs(clients) do client:close() end

-- who takes no messages is counted all the same, also what lies in its inbox
listen()
local child = worker.fork "assert(process.connected) require 'procrun.task'.sleep(60)"
local accepted, client = connection()
assert(child:send("never taken", accepted))
check.eq(server:get_connections(20), 1)
closed = close()
check.values(table.pack(closed:wait(0.05)), nil, "timeout", "ETIMEDOUT")
child:kill "SIGKILL"
assert(closed:wait(20)) -- with its end
child:wait()
client:close()

-- one that has closed its channel, and may have it still
listen()
child = worker.python [[
socket.recv_fds(s, 65536, 10)
s.sendall(b'{"cmd":"NODE_HANDLE_ACK"}\n')
s.recv(1)
s.close()
time.sleep(60)
]]
accepted, client = connection()
assert(child:send("socket", accepted))
check.eq(select(3, server:get_connections(20)), "EPIPE")
check.eq(select(3, server:get_connections(20)), "EPIPE")
assert(close():wait(20))
child:kill "SIGKILL"
child:wait(20)
check.eq(server:get_connections(), 0)
client:close()

-- a peer that is told of the wish when it has none any more, and one that is asked twice at once
listen()
child = worker.python [[
def line():
  data, fds, *_ = socket.recv_fds(s, 65536, 10)
  return data, fds
data, fds = line()
assert b'"key":"4:127.0.0.1:0"' in data, data
s.sendall(b'{"cmd":"NODE_HANDLE_ACK"}\n')
ask = b'{"cmd":"NODE_SOCKET_GET_COUNT","key":"4:127.0.0.1:0"}\n'
import json
rest = b''
def read():
  global rest
  while b'\n' not in rest:
    more = s.recv(1000)
    if not more: os._exit(1)
    rest += more
  one, rest = rest.split(b'\n', 1)
  return json.loads(one)
for n in (41, 42):
  assert read() == {'cmd': 'NODE_SOCKET_GET_COUNT', 'key': '4:127.0.0.1:0'}
  # answers about another server, and one without a number, are no answers
  s.sendall(b'{"cmd":"NODE_SOCKET_COUNT","key":"4:127.0.0.1:1","count":7}\n')
  s.sendall(b'{"cmd":"NODE_SOCKET_COUNT","key":"4:127.0.0.1:0","count":%d}\n' % n)
assert read()['cmd'] == 'NODE_SOCKET_GET_COUNT'
assert read() == {'cmd': 'NODE_SOCKET_NOTIFY_CLOSE', 'key': '4:127.0.0.1:0'}
assert read() == 1
s.sendall(b'{"cmd":"NODE_SOCKET_ALL_CLOSED","key":"4:127.0.0.1:0"}\n')
]]
accepted, client = connection()
assert(child:send("socket", accepted))
local counts = task.all {
  function() return server:get_connections(20) end,
  function() return server:get_connections(20) end,
}
assert(counts[1] == 41 or counts[1] == 42) -- the latest that is known
check.eq(counts[2], 42)
check.values(table.pack(server:get_connections(0.05)), nil, "timeout", "ETIMEDOUT")
closed = close()
check.values(table.pack(closed:wait(0.05)), nil, "timeout", "ETIMEDOUT")
assert(child:send(1))
assert(closed:wait(20))
check.eq(child:wait(20).code, 0)
client:close()

-- the other side: sockets that we got are counted for the peer
child = worker.python [[
import json
a, b = socket.socketpair()
c, d = socket.socketpair()
def send(n, fd, key):
  line = '{"cmd":"NODE_HANDLE","type":"net.Socket","msg":%d,"key":%s}\n' % (n, json.dumps(key))
  socket.send_fds(s, [line.encode()], [fd.fileno()])
  answer({'cmd': 'NODE_HANDLE_ACK'})
rest = b''
def answer(wanted):
  global rest
  while b'\n' not in rest:
    more = s.recv(1000)
    if not more: os._exit(1)
    rest += more
  one, rest = rest.split(b'\n', 1)
  assert json.loads(one) == wanted, (one, wanted)
def count(key, n):
  s.sendall(json.dumps({'cmd': 'NODE_SOCKET_GET_COUNT', 'key': key}).encode() + b'\n')
  answer({'cmd': 'NODE_SOCKET_COUNT', 'key': key, 'count': n})
K = '-1:/tmp/\\"\u00fc:-1'
count('4::80', 0)
send(1, a, '4::80'); send(2, a, K); send(3, a, '4::80')
count('4::80', 2)
count(K, 1)
s.sendall(b'{"cmd":"NODE_SOCKET_NOTIFY_CLOSE","key":"4::80"}\n')
s.sendall(b'{"cmd":"NODE_SOCKET_NOTIFY_CLOSE","key":"nothing"}\n')
answer({'cmd': 'NODE_SOCKET_ALL_CLOSED', 'key': 'nothing'})
s.sendall(b'"take them"\n')
answer('open')
count('4::80', 2)
s.sendall(b'"close"\n')
answer({'cmd': 'NODE_SOCKET_ALL_CLOSED', 'key': '4::80'})
count('4::80', 0)
count(K, 1)
s.sendall(b'"drop"\n')
answer('dropped')
count(K, 0)
]]
local taken = {}
for m, handle in child:messages() do
  if handle then
    taken[m] = handle
  elseif m == "take them" then
    child:send "open"
  elseif m == "close" then
    taken[1]:close()
    taken[3]:close()
    taken[1], taken[3] = nil, nil
  elseif m == "drop" then
    handle, taken = nil, {} -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    child:send "dropped"
  end
end
check.eq(child:wait(20).code, 0)
