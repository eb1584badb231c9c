-- messages() gives what comes until the socket is closed, whoever closes it.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local N <const> = 2000
local a, b = assert(net.udp()), assert(net.udp())
check.raises("messages: the socket has no port yet, so nothing can come (bind or send first)",
  a.messages, a)
assert(a:bind(0, "127.0.0.1"))
local port, sum, n = a:address().port, 0, 0
local ready = task.semaphore(100) -- no more on their way than the kernel has room for
local sender = task.spawn(function()
  for i = 1, N do
    ready:acquire()
    assert(b:send(i, port))
  end
end)
for data, from in a:messages() do
  n, sum = n + 1, sum + tonumber(data)
  check.eq(from.port, b:address().port)
  ready:release()
  if n == N then a:close() end
end
sender:wait()
check.eq(n, N)
check.eq(sum, N * (N + 1) // 2)

local c = assert(net.udp())
assert(c:bind(0, "127.0.0.1"))
task.spawn(function() c:close() end)
for _ in c:messages() do error "nothing was sent" end
