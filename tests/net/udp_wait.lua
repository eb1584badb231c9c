-- Tasks in receive are served in their order; cancel, timeout and close end the wait, and nothing
-- that comes later is lost by that.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local a <close> = assert(net.udp())
local b <close> = assert(net.udp())
assert(a:bind(0, "127.0.0.1"))
local port = a:address().port

local got, readers = {}, {}
for i = 1, 4 do
  readers[i] = task.spawn(function()
    local data, _, code = a:receive()
    got[#got + 1] = i .. " " .. (data or code)
  end)
end
task.sleep(0)
readers[2]:cancel()
readers[2]:wait()
for i = 1, 2 do assert(b:send("m" .. i, port)) end
readers[1]:wait()
readers[3]:wait()
check.values(table.pack(task.timeout("5ms", a.receive, a)), nil, "timeout", "ETIMEDOUT")
a:close()
readers[4]:wait()
check.eq(table.concat(got, ", "), "1 m1, 3 m2, 4 EBADF")

local c <close> = assert(net.udp())
assert(c:bind(0, "127.0.0.1"))
local reader = task.spawn(c.receive, c)
task.sleep(0)
reader:cancel()
assert(b:send("kept", c:address().port))
reader:wait()
check.eq(c:receive(10), "kept")
