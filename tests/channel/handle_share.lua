-- One listening socket, several children: each connection is accepted by one of them, all of them
-- get some when they take turns, and the parent may close its own.
local check = require "tests.lib.check"
local net = require "procrun.net"
local worker = require "tests.lib.worker"

local CHILDREN <const>, EACH <const> = 4, 5
local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local port = server:address().port
local children = {}
for i = 1, CHILDREN do
  children[i] = worker.fork [[
local m, server = process:receive()
for _ in process:messages() do
  local s = server:accept()
  s:write(m .. "\n")
  s:close()
end
server:close()
]]
  assert(children[i]:send(i, server))
end
server:close()
for _ = 1, EACH do
  for i = 1, CHILDREN do
    children[i]:send "accept one"
    local client = assert(net.connect(port, "127.0.0.1"))
    check.eq(client:read "a", i .. "\n")
    client:close()
  end
end
for i = 1, CHILDREN do
  children[i]:disconnect()
  check.eq(children[i]:wait(20).code, 0)
end
local none, _, code = net.connect(port, "127.0.0.1")
check.eq(none, nil)
check.eq(code, "ECONNREFUSED")
