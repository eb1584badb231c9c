-- A server that has sent its connections to several workers and closes: its `close` comes when the
-- last of them has closed its own, whether told by a message or by the end of its channel.
local check = require "tests.lib.check"
local net = require "net"
local proc = require "proc"
local task = require "task"

local COUNT <const> = 12
local worker = check.write(check.tmp("worker.lua"), [[
  local open = {}
  local function finish_all()
    for _, socket in ipairs(open) do socket:finish("end") end
    open = {}
  end
  process:on("message", function(message, socket)
    if message == "close" then return finish_all() end
    socket:on("data", function() end)
    if message == "end" then return socket:finish("end") end
    socket:write("open,")
    open[#open + 1] = socket
  end)
  process:on("disconnect", finish_all)
]])

local workers = {}
for i = 1, 3 do workers[i] = assert(proc.fork(worker)) end

local accepted, closed, all_sent = 0, false, task.event()
local server = net.create_server { pause_on_connect = true }
server:on("connection", function(socket)
  local turn = accepted % 6
  assert(workers[turn // 2 + 1]:send(turn % 2 == 0 and "end" or "open", socket))
  accepted = accepted + 1
  if accepted == COUNT then all_sent:set() end
end)
assert(server:listen(0, "127.0.0.1"))

local clients = {}
for i = 1, COUNT do
  clients[i] = task.spawn(function()
    local client <close> = assert(net.connect(server:address().port, "127.0.0.1"))
    return client:read("a")
  end)
end
assert(all_sent:wait("20s"))
server:close(function() closed = true end)

-- those that the workers keep open hold it up
task.timeout("20s", function()
  while server:get_connections() > COUNT // 2 do task.sleep("2ms") end
end)
check.eq(server:get_connections(), COUNT // 2)
check.eq(closed, false)
workers[1]:send("close")
workers[2]:send("close")
task.timeout("20s", function()
  while server:get_connections() > COUNT // 6 do task.sleep("2ms") end
end)
check.eq(server:get_connections(), COUNT // 6)
check.eq(closed, false)
workers[3]:disconnect()

local got = {}
for i = 1, COUNT do
  local text = clients[i]:wait()
  got[text] = (got[text] or 0) + 1
end
check.eq(got["end"], COUNT // 2)
check.eq(got["open,end"], COUNT // 2)
for i = 1, 3 do
  workers[i]:disconnect()
  assert(workers[i]:wait("20s").ok)
end
task.timeout("20s", function() while not closed do task.sleep("2ms") end end)
check.eq(closed, true)
