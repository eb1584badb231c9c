-- What the channel needs: a socket leaves with its key, servers are shared, descriptors come in.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
check.eq(net._kind(server), "server")
check.eq(net._kind({}), nil)
check.eq(net._kind(nil), nil)
check.eq(net._kind("server"), nil)

local client = assert(net.connect(port, "127.0.0.1"))
check.eq(net._kind(client), "socket")
local accepted = assert(server:accept())
assert(client:write("first\nsecond\n"))
check.eq(accepted:read("l"), "first")
local none, message, code = net._detach(accepted)
check.eq(none, nil)
check.eq(code, "EBUSY")
check.eq(message, "7 bytes of this socket have been read in already and would be lost; "
  .. "send it before anything reads from it or listens to 'data'")
check.eq(accepted:read("l"), "second", "nothing has happened to it")

check.eq(server:get_connections(), 1)
accepted:on("close", function() error("it is not closed") end)
local fd, key, owner = net._detach(accepted)
check.eq(key, "4:127.0.0.1:0")
assert(owner == server)
check.eq(server:get_connections(), 0)
check.eq(accepted:fileno(), nil)
check.values(table.pack(accepted:write("x")), nil, "write: the stream is closed", "EPIPE")
check.values(table.pack(net._detach(accepted)), nil, "the socket is closed", "EBADF")

local closes = 0
local again = assert(net._adopt("socket", fd, {on_close = function() closes = closes + 1 end}))
check.eq(again:fileno(), fd)
check.eq(again:peer().port, client.local_port)
assert(again:write("still there\n"))
check.eq(client:read("l"), "still there")
again:close()
again:close()
check.eq(closes, 1)
check.eq(client:read("l"), nil)
client:close()

-- One that nobody refers to tells its end, too.
client = assert(net.connect(port, "127.0.0.1"))
do
  local dropped = assert(server:accept())
  fd = net._detach(dropped)
  assert(net._adopt("socket", fd, {on_close = function() closes = closes + 1 end}))
end
collectgarbage()
collectgarbage()
check.eq(closes, 2)
check.eq(client:read("l"), nil)
client:close()

-- A server in two objects: whoever is there first gets a connection.
local copy = assert(net._adopt("server", assert(net._share(server))))
check.eq(copy:address().port, port)
server:close()
client = assert(net.connect(port, "127.0.0.1"))
local from_copy = assert(copy:accept())
local _, its_key = net._detach(from_copy)
check.eq(its_key, ("4:127.0.0.1:%d"):format(port))
require "procrun.core.net".close_fd(_)
client:close()

-- What does not do is closed, and told.
local function check_refused(kind, bad, wanted)
  local object, _, its_code = net._adopt(kind, bad)
  check.eq(object, nil)
  check.eq(its_code, wanted)
end

local file = assert(net._share(copy))
check_refused("socket", file, "EINVAL")
check_refused("socket", file, "EBADF") -- it was closed
check_refused("server", 1000000, "EBADF")
local a = require "procrun.pipe".pair()
check_refused("server", assert(require "procrun.core.net".duplicate(a:fileno())), "EINVAL")

-- What was sent away counts, and the end of a server waits for it.
local answered, closed, told = task.event(), task.event(), false
local counts = {count = function() return 2 end, closed = function() answered:wait() end}
copy._away[counts] = true
check.eq(copy:get_connections(), 2)
copy._away[{count = function() return nil, "gone", "EPIPE" end, closed = function() end}] = true
check.values(table.pack(copy:get_connections()), nil, "gone", "EPIPE")
copy:close(function()
  told = true
  closed:set()
end)
task.yield()
check.eq(told, false)
answered:set()
closed:wait()
