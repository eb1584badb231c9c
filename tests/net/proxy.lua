-- Two pipes make a proxy: each direction ends on its own, nothing is lost.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local origin = assert(net.listen {host = "127.0.0.1", port = 0})
local proxy = assert(net.listen {host = "127.0.0.1", port = 0})
task.spawn(origin.serve, origin, function(socket)
  local body = socket:read("a") -- up to the end, which has to come through
  assert(socket:write(body:upper(), #body))
end)
local serving = task.spawn(proxy.serve, proxy, function(client)
  local upstream <close> = assert(net.connect(origin:address().port, "127.0.0.1"))
  task.all {client:pipe(upstream), upstream:pipe(client)}
end)

local body = ("line of text\n"):rep(100000)
for _ = 1, 3 do
  local socket = assert(net.connect(proxy:address().port, "127.0.0.1"))
  assert(socket:finish(body))
  local answer = socket:read("a")
  check.eq(#answer, #body + #tostring(#body))
  check.eq(answer == body:upper() .. #body, true)
  socket:close()
end
proxy:close()
serving:wait()
origin:close()
