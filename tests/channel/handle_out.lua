-- Handles to a peer in Python: one at a time, the same line again when it was refused, at most four
-- times; answers that answer nothing are ignored; a peer that goes leaves no callback unanswered.
-- requires: python3
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local HEAD <const> = [[
import fcntl, termios, time
ACK, NACK = b'{"cmd":"NODE_HANDLE_ACK"}\n', b'{"cmd":"NODE_HANDLE_NACK"}\n'
def read():
  data, fds, *_ = socket.recv_fds(s, 65536, 10)
  return data, [socket.socket(fileno=fd) for fd in fds]
def quiet():
  s.settimeout(0.1)
  try: assert False, s.recv(1000)
  except TimeoutError: pass
  s.settimeout(None)
def handle(wanted):
  data, fds = read()
  assert data == wanted and len(fds) == 1, (data, fds)
  return fds[0]
def line(msg, type='net.Server', extra=''):
  return ('{"cmd":"NODE_HANDLE","type":"%s","msg":%s%s}\n' % (type, msg, extra)).encode()
]]

local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local port = server:address().port

local function start(program)
  return worker.python(HEAD .. program)
end

local function connection()
  local client = assert(net.connect(port, "127.0.0.1"))
  return assert(server:accept()), client
end

-- Sends with a callback: an event that is set with its error, or false.
local function send(child, message, handle, options)
  local told = task.event()
  assert(child:send(message, handle, options, function(err)
    assert(not told.result, "called twice")
    told.result = { err }
    told:set()
  end))
  return told
end

local function outcome(told)
  assert(told:wait(30), "no callback")
  return told.result[1]
end

-- the lines to the byte; nothing goes behind a handle before it is answered
local child = start [[
first = handle(line('{"m":"server"}'))
assert first.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
quiet()
s.sendall(ACK)
assert s.recv(8) == b'"plain"\n'
c = handle(line('1', 'net.Socket', ',"key":"4:127.0.0.1:0"'))
quiet()
s.sendall(ACK)
c.sendall(b'from there\n')
c.close()
handle(line('2', 'net.Socket')); s.sendall(ACK)
handle(line('3', 'dgram.Socket', ',"dgramType":"udp4"')); s.sendall(ACK)
handle(line('4', 'dgram.Socket', ',"dgramType":"udp6"')); s.sendall(ACK)
assert s.recv(100) == b'"last"\n'
]]
local udp4, udp6 = net.udp(), net.udp { type = "udp6" }
assert(udp4:bind(0, "127.0.0.1"))
local has_6 = udp6:bind(0, "::1")
if not has_6 then udp6 = nil end
local accepted, client = connection()
local kept, kept_client = connection()
local outcomes = { send(child, { m = "server" }, server), send(child, "plain"),
  send(child, 1, accepted), send(child, 2, kept, { keep_open = true }), send(child, 3, udp4) }
if not udp6 then
  print "skip: no IPv6 here"
  os.exit(77)
end
outcomes[#outcomes + 1] = send(child, 4, udp6)
outcomes[#outcomes + 1] = send(child, "last")
for _, told in ipairs(outcomes) do check.eq(outcome(told), nil) end
check.eq(client:read "a", "from there\n")
check.eq(accepted:fileno(), nil)
assert(kept:write "still here\n")
check.eq(kept_client:read "l", "still here")
check.eq(child:wait(20).code, 0)
for _, one in ipairs { kept, kept_client, client, udp4, udp6 } do one:close() end

-- refused: the same line with the descriptor again; the callback comes once, after it was taken
child = start [[
for i in range(3):
  handle(line('"again"')).close()
  s.sendall(NACK)
handle(line('"again"'))
s.sendall(ACK)
assert s.recv(100) == b'1\n'
]]
local told = send(child, "again", server)
assert(child:send(1))
check.eq(outcome(told), nil)
check.eq(child:wait(20).code, 0)

-- refused four times: an error for the callback, else an `error` event, and what is behind goes on
child = start [[
for i in range(4): handle(line('1')).close(); s.sendall(NACK)
for i in range(4):
  handle(line('2', 'net.Socket', ',"key":"4:127.0.0.1:0"')).close(); s.sendall(NACK)
handle(line('3')); s.sendall(ACK)
assert s.recv(100) == b'4\n'
]]
local errors = {}
child:on("error", function(err) errors[#errors + 1] = err end)
accepted, client = connection()
told = send(child, 1, server)
assert(child:send(2, accepted))
local third = send(child, 3, server)
assert(child:send(4))
check.eq(outcome(told).code, "EREMOTEIO")
check.has(outcome(told), "the peer has refused the handle 4 times; its message is lost")
check.eq(outcome(third), nil)
check.eq(client:read "a", "") -- it was closed
check.eq(child:wait(20).code, 0)
while #errors == 0 do task.sleep(0.001) end
check.eq(#errors, 1)
check.eq(errors[1].code, "EREMOTEIO")
client:close()

-- answers to nothing: before anything was sent, twice, in the middle of a line
child = start [[
s.sendall(ACK + NACK + ACK + b'"go"\n')
handle(line('1'))
s.sendall(ACK + ACK + NACK)
handle(line('2'))
quiet()
s.sendall(NACK + ACK + NACK) # the second answers the first transmission no more
handle(line('2'))
s.sendall(ACK)
data, fds = read()
assert len(fds) == 1
s.sendall(ACK * 3) # the line cannot be wholly out before they are read
while any(fcntl.ioctl(s, termios.TIOCOUTQ, bytes(4))): time.sleep(0.001)
rest = 3000000 + len(line('""')) - len(data)
while rest > 0: rest -= len(s.recv(100000))
quiet()
s.sendall(ACK)
assert s.recv(100) == b'4\n'
]]
check.eq(child:receive(20), "go")
outcomes = { send(child, 1, server), send(child, 2, server),
  send(child, ("x"):rep(3000000), server), send(child, 4) }
for _, each in ipairs(outcomes) do check.eq(outcome(each), nil) end
check.eq(child:wait(20).code, 0)

-- our answers pass by what waits: the peer sends handles, too, and answers last
child = start [[
held = handle(line('1'))
for i in range(5):
  socket.send_fds(s, [line('%d' % i)], [held.fileno()])
  assert s.recv(1000) == ACK
s.sendall(ACK)
assert s.recv(100) == b'2\n'
]]
assert(child:send(1, server))
assert(child:send(2))
for i = 0, 4 do
  local m, handle = child:receive(20)
  check.eq(m, i)
  handle:close()
end
check.eq(child:wait(20).code, 0)

-- disconnect() while one is unanswered: everything goes out first, and no error comes
child = start [[
held = handle(line('1'))
s.sendall(b'"have it"\n')
quiet()
s.sendall(ACK)
assert s.recv(2) == b'2\n' # a handle's line may come with what was before it
handle(line('3')); s.sendall(ACK)
assert s.recv(100) == b''
]]
local log = worker.record(child)
outcomes = { send(child, 1, server), send(child, 2), send(child, 3, server) }
child:on("message", function(m)
  check.eq(m, "have it")
  child:disconnect()
  check.eq(child.connected, false)
  check.values(table.pack(child:send(9, server)), nil, "the channel is disconnected", "EPIPE")
end)
for _, each in ipairs(outcomes) do check.eq(outcome(each), nil) end
assert(log.done:wait(20))
check.eq(#log.errors, 0)
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child:wait().code, 0)

-- the peer closes its end, or dies, with one unanswered: its callback and those behind it hear so
for _, how in ipairs { "s.close()", "os.kill(os.getpid(), 9)", "s.sendall(b'[1')" } do
  child = start("held = handle(line('1'))\n" .. how)
  log = worker.record(child)
  outcomes = { send(child, 1, server), send(child, 2), send(child, 3, server) }
  for _, each in ipairs(outcomes) do check.eq(outcome(each).code, "EPIPE") end
  assert(log.done:wait(20))
  check.eq(#log.errors, how:find "sendall" and 1 or 0)
end

-- a peer that has only ended its side still reads: nothing is lost, though it cannot answer
child = start [[
held = handle(line('1'))
s.shutdown(socket.SHUT_WR)
for wanted in (b'2\n', line('3'), b'4\n'):
  assert socket.recv_fds(s, len(wanted), 10)[0] == wanted
]]
outcomes = { send(child, 1, server), send(child, 2), send(child, 3, server), send(child, 4) }
for _, each in ipairs(outcomes) do check.eq(outcome(each), nil) end
check.eq(child:wait(20).code, 0)

-- no descriptor is left
server:close()
child, accepted, kept = nil, nil, nil -- luacheck: ignore
collectgarbage()
collectgarbage()
task.sleep(0)
for _, name in ipairs(fs.readdir "/proc/self/fd") do
  local target = fs.readlink("/proc/self/fd/" .. name)
  assert(tonumber(name) < 3 or not target or not target:find "^socket:", "a socket is left")
end
