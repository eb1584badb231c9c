-- All addresses of a name are tried; one that does not answer holds up none of the others.
local check = require "tests.lib.check"
local net = require "procrun.net"
local lookup = require "procrun.net.lookup"

local silent = assert(net.listen {host = "127.0.0.2", port = 0, backlog = 0})
local port = silent:address().port
local queued = {}
repeat
  local socket, _, code = net.connect {port = port, host = "127.0.0.2", timeout = 0.1}
  queued[#queued + 1] = socket
until code == "ETIMEDOUT"
local server = assert(net.listen {host = "127.0.0.3", port = port})

local real, answers = lookup.resolve, nil
function lookup.resolve(host, ...)
  if host == "many.example" then return answers end
  return real(host, ...)
end

local function try(...)
  answers = {}
  for i, address in ipairs {...} do
    answers[i] = {address = address, family = net.is_ip(address)}
  end
  return net.connect {port = port, host = "many.example", timeout = 10}
end

for _, addresses in ipairs {
  {"127.0.0.3"}, {"127.0.0.4", "127.0.0.3"}, {"127.0.0.2", "127.0.0.3"},
  {"127.0.0.2", "127.0.0.4", "::1", "127.0.0.3"}, {"127.0.0.3", "127.0.0.2"},
} do
  local socket = assert(try(table.unpack(addresses)))
  check.eq(socket.remote_address, "127.0.0.3")
  socket:close()
  assert(server:accept()):close()
end

check.values(table.pack(try("127.0.0.4", "127.0.0.5")), nil,
  ("connect many.example:%d: connection refused"):format(port), "ECONNREFUSED")
local _, message = try("127.0.0.4", "ff02::1")
check.has(message,
  ("connect many.example:%d: 127.0.0.4: connection refused; ff02::1: "):format(port))
local closed = server:close()
assert(not closed.listening)
for _, socket in ipairs(queued) do socket:close() end
silent:close()
