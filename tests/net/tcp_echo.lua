-- A server serves several connections side by side, and its loop ends when it closes.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
local loop = task.spawn(function()
  local served = 0
  for socket in server:connections() do
    served = served + 1
    task.spawn(function()
      local _ <close> = socket
      for line in socket:lines() do socket:write(line:upper(), "\n") end
    end)
  end
  return served
end)

local a, b = assert(net.connect(port, "127.0.0.1")), assert(net.connect {port = port})
assert(a:write("from a\n") and b:write("from b\n"))
check.eq(b:read("l"), "FROM B")
check.eq(a:read("l"), "FROM A")
check.eq(a.remote_port, port)
check.eq(a.remote_address, "127.0.0.1")
check.eq(a.remote_family, "IPv4")
check.eq(a.local_address, "127.0.0.1")
check.eq(a:peer().port, port)
check.eq(a:address().port, a.local_port)
check.eq(a.bytes_written, 7)
check.eq(a.bytes_read, 7)
check.eq(server:get_connections(), 2)
a:close()
b:close()
check.eq(a:peer().port, port, "known after the end")
check.eq(a:address(), nil)
server:close()
check.eq(server.listening, false)
check.eq(loop:wait(), 2)
check.values(table.pack(net.connect(port, "127.0.0.1")), nil,
  ("connect 127.0.0.1:%d: connection refused"):format(port), "ECONNREFUSED")
