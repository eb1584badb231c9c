-- requires: python3
-- Another process shuts the shared socket down: the loop is told, and ends.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"
local task = require "procrun.task"

local program = "import socket; socket.socket(fileno=3).shutdown(socket.SHUT_RDWR)"
local function shut_down(server)
  return proc.run("python3", {"-c", program},
    {stdio = {"ignore", "inherit", "inherit", server}}):check()
end

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local codes = {}
server:on("error", function(err) codes[#codes + 1] = err.code end)
local loop = task.spawn(function()
  for _ in server:connections() do error("whence?") end
end)
task.yield()
shut_down(server)
loop:wait()
check.eq(table.concat(codes, " "), "EINVAL")
check.eq(server.listening, false)

server = assert(net.listen {host = "127.0.0.1", port = 0})
local failed, closed = task.event(), task.event()
server:on("connection", function() error("whence?") end)
server:on("error", function() failed:set() end)
server:on("close", function() closed:set() end)
shut_down(server)
failed:wait()
closed:wait()
