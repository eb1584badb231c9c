-- Over a path, a full queue makes connect wait until there is room, or its time runs out.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local path = check.tmp("queue.sock")
local server = assert(net.listen {path = path, backlog = 1})
local queued = {}
repeat
  local socket, _, code = net.connect {path = path, timeout = 0.02}
  queued[#queued + 1] = socket
until code == "ETIMEDOUT"
local late = task.spawn(net.connect, path)
task.sleep(0.02)
check.eq(late:status(), "waiting")
for _, socket in ipairs(queued) do
  assert(server:accept()):close()
  socket:close()
end
local socket = assert(late:wait())
local accepted = assert(server:accept())
assert(socket:finish("here at last"))
check.eq(accepted:read("a"), "here at last")
accepted:close()
socket:close()
server:close()
