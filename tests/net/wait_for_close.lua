-- `close` of a server: at once without connections, and told to who asks later, once.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local count, heard = 0, task.event()
local server = assert(net.listen(0))
server:close()
server:on("close", function()
  count = count + 1
  heard:set()
end)
heard:wait()
server:close()
local callbacks = task.queue(2)
server:close(function(err) callbacks:put(err) end)
net.create_server():close(function(err) callbacks:put(err) end)
for _ = 1, 2 do
  local err = callbacks:get()
  check.eq(err.message, "close: the server does not listen")
  check.eq(err.code, "ERR_SERVER_NOT_RUNNING")
end
check.eq(count, 1)

-- A second call's callback gets the error, also while connections hold up the first one's.
server = assert(net.listen {host = "127.0.0.1", port = 0})
local client = assert(net.connect(server:address().port, "127.0.0.1"))
local held = assert(server:accept())
server:close(function(err) callbacks:put(err or "closed") end)
server:close(function(err) callbacks:put(err.code) end)
held:close()
check.eq(callbacks:get(), "closed")
check.eq(callbacks:get(), "ERR_SERVER_NOT_RUNNING")
client:close()

-- A listener taken away in time hears nothing; connections then are for accept again.
server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
local sockets = task.queue(10)
local function listener(socket) sockets:put(socket) end
server:on("connection", listener)
local first = assert(net.connect(port, "127.0.0.1"))
sockets:get():close()
server:off("connection", listener)
local second = assert(net.connect(port, "127.0.0.1"))
local accepted = assert(server:accept())
server:on("connection", listener)
local third = assert(net.connect(port, "127.0.0.1"))
sockets:get():close()
for _, each in ipairs {first, second, third, accepted} do each:close() end
do local _ <close> = server end
check.eq(server.listening, false)
