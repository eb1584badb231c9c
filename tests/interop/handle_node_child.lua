-- Handles between procrun and a Node child: every kind there and back, in order among messages,
-- many in a row, sockets counted, a receiver without room, a kill in the middle.
-- requires: node>=20
-- timeout: 200
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local peers = require "tests.lib.peers"
local task = require "procrun.task"

local CHILD <const> = [[
'use strict';
const fs = require('fs'), net = require('net'), dgram = require('dgram');
process.on('warning', (w) => process.send(w.name));
const sockets = [], held = [];
process.on('message', (m, handle) => {
  const back = () => process.send({ was: m, none: handle === undefined }, handle);
  if (handle instanceof net.Server) {
    handle.once('connection', (s) => { s.end('accepted by node\n'); back(); handle.close(); });
  } else if (m === 'keep') {
    sockets.push(handle);
    process.send(sockets.length);
  } else if (m === 'close') {
    sockets.pop().destroy();
    process.send(sockets.length);
  } else if (handle instanceof net.Socket) {
    handle.write('written by node\n', back);
  } else if (handle instanceof dgram.Socket) {
    handle.once('message', (bytes, from) => {
      handle.send('answered by node', from.port, from.address, () => { back(); handle.close(); });
    });
  } else if (m === 'fill') {
    try { for (;;) held.push(fs.openSync('/dev/null')); } catch (e) { process.send(e.code); }
    setTimeout(() => held.splice(0).forEach((fd) => fs.closeSync(fd)), 150);
  } else {
    process.send({ was: m, none: true });
  }
});
]]

local function descriptors()
  collectgarbage()
  collectgarbage()
  task.sleep(0)
  return #fs.readdir "/proc/self/fd"
end

local child = peers.fork("node", CHILD)

local function try_server(place)
  local server = assert(net.listen(place))
  local function connect()
    if type(place) == "string" then return assert(net.connect(place)) end
    return assert(net.connect(server:address().port, "127.0.0.1"))
  end
  assert(child:send("server", server))
  local client = connect()
  check.eq(client:read "a", "accepted by node\n")
  client:close()
  local m, back = child:receive(60)
  check.eq(m.was, "server")
  client = connect()
  local accepted = assert(back:accept())
  back:close()
  assert(child:send("socket", accepted))
  check.eq(client:read "l", "written by node")
  m, back = child:receive(60)
  check.eq(m.was, "socket")
  assert(back:write "written here\n")
  check.eq(client:read "l", "written here")
  back:close()
  check.eq(client:read "l", nil) -- nobody has it any more
  client:close()
  server:close()
end

local function try_udp(place, kind)
  local udp, client = net.udp { type = kind }, net.udp { type = kind }
  if not (udp:bind(0, place) and client:bind(0, place)) then return end
  assert(child:send("udp", udp))
  assert(client:send("question", udp:address().port, place))
  check.eq((client:receive(60)), "answered by node")
  local m, back = child:receive(60)
  check.eq(m.was, "udp")
  check.eq(back:address().port, udp:address().port)
  for _, one in ipairs { back, udp, client } do one:close() end
end

local function try_all()
  try_server { host = "127.0.0.1", port = 0 }
  try_server(check.tmp "socket")
  try_udp("127.0.0.1", "udp4")
  try_udp("::1", "udp6")
end

try_all()
local before = descriptors()
try_all()
check.eq(descriptors(), before)

-- order, and many in a row
local udp = net.udp()
assert(udp:bind(0, "127.0.0.1"))
local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local function connection()
  local client = assert(net.connect(server:address().port, "127.0.0.1"))
  return assert(server:accept()), client
end
local clients = {}
local sender = task.spawn(function()
  for i = 1, 100 do
    local accepted
    accepted, clients[i] = connection()
    assert(child:send(i, accepted))
    assert(child:send(-i))
  end
end)
-- A socket comes back once Node has written, so its place is not that of the plain ones.
local plain, with = 0, 0
for _ = 1, 200 do
  local m, handle = child:receive(60)
  if handle then
    with = with + 1
    check.eq(m.was, with)
    handle:close()
  else
    plain = plain - 1
    check.eq(m.was, plain)
  end
end
sender:wait()
for _, client in ipairs(clients) do
  check.eq(client:read "a", "written by node\n")
  client:close()
end

-- Node has our connections, and is asked for them; those it has sent on it counts for ever
server:close()
local path = check.tmp "counted"
server = assert(net.listen(path))
local accepted
for i = 1, 3 do
  clients[i] = assert(net.connect(path))
  accepted = assert(server:accept())
  assert(child:send("keep", accepted))
  check.eq(child:receive(60), i)
end
check.eq(server:get_connections(60), 3)
local closed = task.event()
local other = assert(net.listen { host = "127.0.0.1", port = 0 })
server:close(function() closed:set() end)
for i = 2, 0, -1 do
  check.eq(closed:is_set(), false)
  child:send "close"
  check.eq(child:receive(60), i)
end
assert(closed:wait(60))

-- Node says what it does not know; what we send it never ends it
check.raises("bad argument #2", child.send, child, 1, io.stdout)
child:send "still there"
check.eq(child:receive(60).was, "still there")
child:disconnect()
check.eq(child:wait(60).code, 0)

-- at its limit it refuses; it is sent again, and arrives once there is room
child = peers.fork("node", CHILD, {}, { limits = { files = 64 } })
child:send "fill"
check.eq(child:receive(60), "EMFILE")
local told = task.event()
assert(child:send("again", udp, function(err)
  told.err = err
  told:set()
end))
local client = net.udp()
client:bind(0, "127.0.0.1")
assert(told:wait(60))
check.eq(told.err, nil)
client:send("question", udp:address().port, "127.0.0.1")
check.eq((client:receive(60)), "answered by node")
local m, back = child:receive(60)
check.eq(m.was, "again")
back:close()

-- killed with handles on their way: every callback is told
local calls = task.queue(100)
for i = 1, 20 do
  assert(child:send(i, other, function(err) calls:put(err and err.code or "taken") end))
end
child:kill "SIGKILL"
for _ = 1, 20 do
  local code = calls:get(60)
  assert(code == "EPIPE" or code == "taken", code)
end
check.eq(child:wait(60).signal, "SIGKILL")
for _, one in ipairs { udp, client, other } do one:close() end
