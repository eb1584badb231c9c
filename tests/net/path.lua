-- A path: its socket file is there while the server listens; errors name the path and what to do.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"

local path = check.tmp("net.sock")
local server = assert(net.listen {path = path, mode = "600"})
check.eq(server:address(), path)
check.eq(("%o"):format(assert(fs.stat(path)).mode), "600")
local socket = assert(net.connect(path))
local other = assert(server:accept())
assert(socket:write("over a path\n"))
check.eq(other:read("l"), "over a path")
check.eq(socket:peer(), path)
check.eq(socket:address(), "")
check.eq(socket.remote_address, nil)

local _, message, code = net.listen(path)
check.eq(message, ("listen %s: address already in use"):format(path))
check.eq(code, "EADDRINUSE")
check.eq(server:get_connections(), 1, "nobody has knocked to find that out")
socket:close()
other:close()
server:close()
check.eq(fs.exists(path), false)

_, message, code = net.connect(path)
check.eq(message, ("connect %s: no such file or directory"):format(path))
check.eq(code, "ENOENT")

-- Left behind by a program that was killed.
local source = "require 'procrun.net'.listen(%q) os.execute('kill -9 ' .. process.pid)"
local left = check.run(source:format(path))
check.eq(left.code, 137)
_, message, code = net.listen(path)
check.eq(code, "EADDRINUSE")
check.has(message, "left behind, remove it first")
check.eq(select(3, net.connect(path)), "ECONNREFUSED")
assert(os.remove(path))

check.write(path, "text")
_, message, code = net.listen(path)
check.eq(code, "EADDRINUSE")
check.has(message, "a file that is no socket")

-- A server does not remove what has taken the place of its file.
local second = check.tmp("second.sock")
server = assert(net.listen(second))
assert(os.remove(second))
check.write(second, "not yours")
server:close()
check.eq(check.read(second), "not yours")

local long = check.tmp(("x"):rep(110))
for _, call in ipairs {net.listen, net.connect} do
  _, message, code = call(long)
  check.eq(code, "EINVAL")
  check.has(message, ("at most 107 bytes, this one has %d"):format(#long))
end

-- Abstract: no file, and free again at once.
for _ = 1, 2 do
  local name = "\0procrun-test-" .. process.pid
  server = assert(net.listen(name))
  check.eq(server:address(), name)
  local t = task.spawn(function() return assert(server:accept()):read("a") end)
  socket = assert(net.connect(name))
  assert(socket:finish("abstract"))
  check.eq(t:wait(), "abstract")
  socket:close()
  server:close()
end
