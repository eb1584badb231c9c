-- With a listener for Node's own messages alone, a message with a handle waits for its taker, and
-- one of Node's own that stands in front comes with its handle.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local child = worker.fork [[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
process:send({cmd = "NODE_FIRST"}, server)
process:send("plain", server)
process:send({cmd = "NODE_SECOND"}, server)
server:close()
]]
local heard, kinds = task.event(), {}
child:on("internal_message", function(m, handle)
  kinds[#kinds + 1] = m.cmd .. " " .. tostring(net._kind(handle))
  handle:close()
  heard:set()
end)
assert(heard:wait(20))
check.eq(table.concat(kinds, ", "), "NODE_FIRST server")
local m, handle = child:receive(20)
check.eq(m, "plain")
check.eq(net._kind(handle), "server")
handle:close()
child:wait(20)
while #kinds < 2 do task.sleep(0.001) end
check.eq(kinds[2], "NODE_SECOND server")
