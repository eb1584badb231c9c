-- A peer that only asks, about sockets that nobody has, and does not read the answers: it has to
-- wait, and they do not pile up here; once it reads it gets them all.
-- requires: python3
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.python [[
import select
s.setblocking(False)
line = b'{"cmd":"NODE_SOCKET_GET_COUNT","key":"%s"}\n' % (b'k' * 3000)
asked, part = 0, b''
while asked < 20000 and (part or select.select([], [s], [], 1)[1]):
  data = part or line
  try: n = s.send(data)
  except BlockingIOError:
    if select.select([], [s], [], 1)[1]: continue
    break
  if not part: asked += 1
  part = data[n:]
if asked == 20000: os._exit(1)
s.setblocking(True)
got, sent = 0, not part
while got < asked:
  readable, writable, _ = select.select([s], [] if sent else [s], [])
  if readable: got += s.recv(65536).count(b'\n')
  if writable:
    part = part[s.send(part, socket.MSG_DONTWAIT):]
    sent = not part
s.sendall(b'"got all"\n')
]]
local got
child:on("message", function(m) got = m end)
child:on("internal_message", function(m) error("told: " .. m.cmd) end)
check.eq(child:wait(60).code, 0)
check.eq(got, "got all")
