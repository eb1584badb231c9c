-- Handles from a peer in Python: descriptors are matched with lines, not with reads; each line is
-- answered once and at once; what cannot be a handle is refused, told, and never a crash.
-- requires: python3
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local worker = require "tests.lib.worker"

local HEAD <const> = [[
tcp = socket.socket(); tcp.bind(('127.0.0.1', 0)); tcp.listen()
bound = socket.socket(); bound.bind(('127.0.0.1', 0))
a, b = socket.socketpair()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 0))
ACK, NACK = b'{"cmd":"NODE_HANDLE_ACK"}', b'{"cmd":"NODE_HANDLE_NACK"}'
def line(msg, type='net.Server', extra=b''):
  return b'{"cmd":"NODE_HANDLE","type":"%s","msg":%s%s}\n' % (type.encode(), msg, extra)
def send(data, *fds):
  socket.send_fds(s, [data], [f if isinstance(f, int) else f.fileno() for f in fds])
answers = b''
def answer(wanted):
  global answers
  while b'\n' not in answers:
    more = s.recv(1000)
    if not more: os._exit(1)
    answers += more
  got, answers = answers.split(b'\n', 1)
  assert got == wanted, got
]]

local function descriptors()
  return #fs.readdir "/proc/self/fd"
end

-- Runs it; what came as text: "message:kind", and the codes of the errors in their places.
local function run(program, log_text)
  local child = worker.python(HEAD .. program)
  local log, got = worker.record(child), {}
  child:on("message", function(m, handle)
    got[#got + 1] = ("%s:%s"):format(m, (net._kind(handle)))
    if handle then handle:close() end
  end)
  assert(log.done:wait(30))
  check.eq(table.concat(got, " "), log_text)
  check.eq(child:wait().code, 0)
  return log.errors
end

-- each type; a server that is merely bound is listening then
check.eq(#run([[
for t, fd in (('net.Server', tcp), ('net.Server', bound), ('net.Socket', a), ('net.Native', tcp),
    ('net.Native', a), ('net.BoundSocket', bound), ('dgram.Socket', udp), ('dgram.Native', udp)):
  send(line(b'"' + t.encode() + b'"', t), fd)
  answer(ACK)
  while fd == bound: # the answer comes before the server is made
    try: socket.create_connection(bound.getsockname()).close(); break
    except ConnectionRefusedError: time.sleep(0.01)
]], "net.Server:server net.Server:server net.Socket:socket net.Native:server net.Native:socket " ..
  "net.BoundSocket:server dgram.Socket:udp dgram.Native:udp"), 0)

-- with the first byte of its line, in the middle of it, with the line in three parts
check.eq(#run([[
l = line(b'1')
send(l[:1], tcp); time.sleep(0.02); s.sendall(l[1:]); answer(ACK)
l = line(b'2')
s.sendall(l[:20]); time.sleep(0.02); send(l[20:], tcp); answer(ACK)
l = line(b'3')
s.sendall(l[:20]); time.sleep(0.02); send(l[20:30], tcp); time.sleep(0.02); s.sendall(l[30:])
answer(ACK)
# one read: plain lines, the handle's line, its descriptor; then more
s.sendall(b'4\n5\n6\n'); send(line(b'7') + b'8\n', tcp); s.sendall(b'9\n')
answer(ACK)
# two lines and two descriptors, one call each; then both in one
send(line(b'10'), tcp); send(line(b'11', 'dgram.Socket'), udp); answer(ACK); answer(ACK)
send(line(b'12') + line(b'13', 'dgram.Socket'), tcp, udp); answer(ACK); answer(ACK)
]], "1:server 2:server 3:server 4:nil 5:nil 6:nil 7:server 8:nil 9:nil 10:server 11:udp " ..
  "12:server 13:udp"), 0)

-- a long line, more than any single read
check.eq(#run([[
l = line(b'1', 'net.Server', b',"pad":"%s"' % (b'x' * 3000000))
send(l[:100], tcp); s.sendall(l[100:])
answer(ACK)
]], "1:server"), 0)

-- without a descriptor: refused, nothing is delivered; also in front of everything else
local errors = run([[
s.sendall(line(b'1') + b'2\n'); answer(NACK)
send(line(b'3'), tcp); answer(ACK)
s.sendall(line(b'4') + b'5\n'); answer(NACK)
]], "2:nil 3:server 5:nil")
check.eq(#errors, 2)
check.eq(errors[1].code, "EPROTO")
check.has(errors[1], "a message came that was to bring a handle, without one")

-- descriptors that no line claims: on a plain line, behind its line, more than one
errors = run([[
send(line(b'0'), tcp); answer(ACK)
send(b'1\n', tcp); s.sendall(line(b'2')); answer(NACK)
s.sendall(line(b'3')); answer(NACK); send(b'4\n', tcp)
send(line(b'5'), tcp, udp); answer(ACK)
s.sendall(line(b'6')); answer(NACK)
for i in range(30): send(b'7\n', *[tcp] * 50)
]], "0:server 1:nil 4:nil 5:server" .. (" 7:nil"):rep(30))
check.eq(errors[1].code, "EPROTO")
for _, err in ipairs(errors) do check.eq(err.code, "EPROTO") end

-- descriptors that are nothing of the sort, and types that are nothing
local path = check.write(check.tmp "file", "text")
errors = run(([[
send(line(b'0'), tcp); answer(ACK)
r, w = os.pipe()
for fd in (os.open(%q, os.O_RDONLY), os.open('/dev/null', os.O_RDWR), r, w, os.memfd_create('x'),
    os.open('/', os.O_RDONLY), os.pidfd_open(os.getpid()),
    socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)[0],
    socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]):
  for t in ('net.Socket', 'net.Server', 'net.Native', 'dgram.Socket'):
    send(line(b'"bad"', t), fd); answer(NACK)
for t, fd in (('net.Server', a), ('net.Server', udp), ('net.Socket', tcp), ('', tcp),
    ('net.Socket', udp), ('dgram.Socket', tcp), ('dgram.Native', a), ('net.Nothing', tcp),
    ('NET.SERVER', tcp)):
  send(line(b'"bad"', t), fd); answer(NACK)
send(b'{"cmd":"NODE_HANDLE","msg":1}\n', tcp); answer(NACK)
send(b'{"cmd":"NODE_HANDLE","type":5,"msg":1}\n', tcp); answer(NACK)
send(line(b'1'), tcp); answer(ACK)
send(line(b'"bad"', 'net.Nothing'), tcp); answer(NACK)
]]):format(path), "0:server 1:server")
check.eq(#errors, 2) -- told once until a handle has come
check.eq(errors[1].code, "ENOTSUP")
check.has(errors[1], "a regular file came as a handle; it was refused")
check.has(errors[2], "a handle of the type 'net.Nothing' came as a handle")

-- Node wraps a line that was refused once more: one answer, delivered once
check.eq(#run([[
inner = line(b'1', 'net.Socket', b',"key":"4:127.0.0.1:0"')[:-1]
send(line(inner, 'net.Native'), a); answer(ACK)
send(line(line(line(b'2')[:-1], 'net.Native')[:-1], 'net.Native'), tcp); answer(ACK)
s.sendall(b'"end"\n')
]], "1:socket 2:server end:nil"), 0)

-- the members in any order (Bun), unknown ones (Deno), blanks; no message at all is null
check.eq(#run([[
send(b'{"cmd":"NODE_HANDLE","msg":1,"type":"net.Server"}\n', tcp); answer(ACK)
send(b' { "nativeKind" : 1, "type" : "net.Server" , "msg" : 2 , "cmd" : "NODE_HANDLE" }\r\n', tcp)
answer(ACK)
]], "1:server 2:server"), 0)

-- malformed lines of the protocol, stray answers, the end in the middle of a line
errors = run([[
send(b'{"cmd":"NODE_HANDLE","type":"net.Server","msg":}\n', tcp)
time.sleep(0.02)
s.sendall(b'"NODE_HANDLE"\n{"cmd":"NODE_HANDLE_ACK"}\n{"cmd":"NODE_HANDLE_NACK","x":{}}\n')
s.sendall(b'{"cmd":"NODE_SOCKET_GET_COUNT"}\n{"cmd":"NODE_SOCKET_COUNT"}\n{"cmd":"NODE_HANDLE')
time.sleep(0.02)
s.sendall(b'_ACK"}\n{"cmd":"NODE_SOCKET_NOTIFY_CLOSE","key":5}\n{"cmd":"NODE_CLUSTER"}\n')
s.sendall(b'{"cmd":"NODE_SOCKET_COUNT","key":"k","count":"x"}\n1\n')
send(line(b'2')[:30], tcp)
]], "NODE_HANDLE:nil 1:nil")
local told = {}
for _, err in ipairs(errors) do told[#told + 1] = tostring(err):match ": (%l+ %l+ %l+)" end
table.sort(told)
check.eq(table.concat(told, ", "),
  "a descriptor came, a descriptor came, a malformed message, the channel ended")

-- a handle that is longer than max_message is refused, and nothing waits for the rest of it
local child = worker.python(HEAD .. [[
send(line(b'"' + b'x' * 20000 + b'"'), tcp)
answer(NACK)
s.sendall(b'"after"\n')
]], { max_message = 1000 })
check.eq(child:receive(20), "after")
child:wait(20)
collectgarbage()

-- nobody takes messages here: the peer has its answer all the same; all of it goes with the channel
child = nil -- luacheck: ignore
collectgarbage()
collectgarbage()
local before = descriptors()
child = worker.python(HEAD .. [[
s.sendall(b'"first"\n')
for i in range(50): send(line(b'1'), tcp); answer(ACK)
s.sendall(b'{"cmd":"NODE_HANDLE"}\n'); answer(NACK)
]])
check.eq(child:wait(20).code, 0)
assert(descriptors() >= before + 50)
check.eq(child:receive(), "first")
check.eq(net._kind(select(2, child:receive())), "server")
-- no more than 256 of them are held until some are taken; the rest waits with the peer
child = worker.python(HEAD .. [[
import threading
def send_all():
  for i in range(600): send(line(b'%d' % i), tcp)
threading.Thread(target=send_all).start()
for i in range(600): answer(ACK)
]])
while descriptors() < before + 256 do require "procrun.task".sleep(0.01) end
for _ = 1, 50 do require "procrun.task".sleep(0.001) end
assert(descriptors() < before + 400)
local n = 0
for m, handle in child:messages() do
  check.eq(m, n)
  n = n + 1
  handle:close()
end
check.eq(n, 600)
check.eq(child:wait(20).code, 0)
child = nil -- luacheck: ignore
collectgarbage()
collectgarbage()
require "procrun.task".sleep(0)
check.eq(descriptors(), before)
