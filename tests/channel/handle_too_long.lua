-- A handle whose message is longer than max_message goes with it: nothing is held for messages that
-- nobody will see, so any number of them stops neither the channel nor leaves a descriptor.
-- requires: python3
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local worker = require "tests.lib.worker"

local child = worker.python([[
tcp = socket.socket(); tcp.bind(('127.0.0.1', 0)); tcp.listen()
line = b'{"cmd":"NODE_HANDLE","type":"net.Server","msg":"%s"}\n' % (b'x' * 200)
for i in range(600): socket.send_fds(s, [line], [tcp.fileno()])
s.sendall(b'"end"\n')
while s.recv(65536): pass
]], { max_message = 150 })
local errors, before = 0, #fs.readdir "/proc/self/fd"
child:on("error", function(err)
  check.eq(err.code, "EMSGSIZE")
  errors = errors + 1
end)
check.eq(child:receive(30), "end")
check.eq(errors, 600)
check.eq(#fs.readdir "/proc/self/fd", before)
child:disconnect()
check.eq(child:wait().code, 0)
