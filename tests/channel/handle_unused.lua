-- A worker that never asks for its parent, and so takes no messages, still answers handles at once:
-- the parent's flush and exit do not wait for it.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local child = worker.fork 'require "procrun.task".sleep(60)'
local heard = task.semaphore(0)
for i = 1, 20 do
  assert(child:send(i, server, function(err)
    check.eq(err, nil)
    heard:release()
  end))
end
for _ = 1, 20 do assert(heard:acquire(20)) end
assert(child:flush(20))
server:close()
child:kill()
check.eq(child:wait().signal, "SIGTERM")
