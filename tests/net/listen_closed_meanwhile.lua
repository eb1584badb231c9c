-- A server that is closed while its host is looked up does not come to listen.
local check = require "tests.lib.check"
local lookup = require "procrun.net.lookup"
local net = require "procrun.net"
local task = require "procrun.task"

local answer = task.event()
function lookup.resolve()
  answer:wait()
  return {{address = "127.0.0.1", family = 4}}
end

local server = net.create_server()
local t = task.spawn(server.listen, server, 0, "slow.example")
task.yield()
check.raises("listen: the server is about to listen already", server.listen, server, 0)
server:close()
answer:set()
check.values(table.pack(t:wait()), nil, "listen: the server was closed meanwhile", "ECANCELED")
check.eq(server.listening, false)
assert(server:listen(0, "again.example")):close()
