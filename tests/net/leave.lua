-- A block that is left by an error or a cancel does not wait for a peer that reads nothing: what is
-- unsent goes out by itself, whole, once it reads.
local check = require "tests.lib.check"
local net = require "procrun.net"
local pipe = require "procrun.pipe"
local task = require "procrun.task"

local MUCH <const> = 12000000
local bytes = ("0123456789abcdef"):rep(MUCH // 16)
local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port

local function connect()
  local socket = assert(net.connect(port, "127.0.0.1"))
  return socket, assert(server:accept())
end

-- A timeout, with `close` told; what another task writes is given up there, and not here.
local client, peer = connect()
local closed = false
client:on("close", function() closed = true end)
local other
check.values(table.pack(task.timeout(0.05, function()
  local own <close> = client
  other = task.spawn(function() return client:write("end") end)
  own:write(bytes)
end)), nil, "timeout", "ETIMEDOUT")
assert(closed and client.destroyed)
check.values(table.pack(other:wait()), nil, "the stream was closed", "ECANCELED")
check.eq(client:address(), nil)
collectgarbage()
assert(peer:read("a") == bytes .. "end")
peer:close()

-- An error; the other side may write on meanwhile.
client, peer = connect()
check.raises("enough", function()
  local own <close> = client
  task.spawn(function() own:write(bytes) end)
  task.yield()
  error("enough", 0)
end)
assert(peer:read(MUCH) == bytes)
check.eq(peer:read(1), nil)
peer:close()

-- A cancel of serve.
local serving = task.spawn(function()
  return server:serve(function(socket) socket:write(bytes) end)
end)
client = assert(net.connect(port, "127.0.0.1"))
assert(client:read(1) == "0")
serving:cancel()
serving:wait()
check.eq(server:get_connections(), 0)
assert(client:read("a") == bytes:sub(2))
client:close()
server:close()

-- A pipe, too.
local reader, writer = pipe.new()
task.timeout(0.01, function()
  local own <close> = writer
  own:write(bytes)
end)
assert(reader:read("a") == bytes)
reader:close()
