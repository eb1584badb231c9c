-- 1,000 connections at once, each of them answered.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local COUNT <const> = 1000
local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
local loop = task.spawn(function()
  for socket in server:connections() do
    task.spawn(function()
      local _ <close> = socket
      while true do
        local line = socket:read("l")
        if not line then return end
        assert(socket:write(line, " back\n"))
      end
    end)
  end
end)

local sockets = {}
for i = 1, COUNT do sockets[i] = assert(net.connect(port, "127.0.0.1")) end
for i, socket in ipairs(sockets) do assert(socket:write(i, "\n")) end
for i, socket in ipairs(sockets) do check.eq(socket:read("l"), i .. " back") end
check.eq(server:get_connections(), COUNT)
for _, socket in ipairs(sockets) do socket:finish() end
for _, socket in ipairs(sockets) do
  check.eq(socket:read("l"), nil)
  socket:close()
end
server:close()
loop:wait()
check.eq(server:get_connections(), 0)
