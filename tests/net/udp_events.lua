-- Events: listening, message, connect, close; a listener that waits holds up the next message.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local a, b = assert(net.udp()), assert(net.udp())
local log, done = {}, task.event()
local function note(what) log[#log + 1] = what end
a:on("listening", function() note("listening " .. tostring(a:address().port > 0)) end)
a:on("close", function() note "close" done:set() end)
a:on("message", function(data, from)
  note(data)
  check.eq(from.port, b:address().port)
  task.sleep "2ms"
  note(data .. " done")
  if data == "3" then a:close() end
end)
assert(a:bind { port = 0, address = "127.0.0.1", exclusive = true })
check.raises("receive: a listener takes what comes ('message'); use one or the other", a.receive, a)
check.raises("messages: a listener takes what comes ('message'); use one or the other", a.messages,
  a)
for i = 1, 3 do assert(b:send(i, a:address().port)) end
assert(done:wait(10))
check.eq(table.concat(log, ", "), "listening true, 1, 1 done, 2, 2 done, 3, 3 done, close")

-- A listener added later finds what came before; the last one that goes gives it back to receive.
local c = assert(net.udp "udp4")
local connected = 0
c:on("connect", function() connected = connected + 1 end)
assert(c:bind(0, "127.0.0.1"))
assert(c:connect(b:address().port))
check.eq(connected, 1)
assert(b:send("early", c:address().port))
local seen = task.event()
local function listener(data) seen:set(check.eq(data, "early")) end
c:on("message", listener)
assert(seen:wait(10))
c:off("message", listener)
assert(b:send("later", c:address().port))
check.eq(c:receive(10), "later")

local waiting = task.spawn(c.receive, c)
task.sleep(0)
check.raises("on: a task takes the datagrams (receive or messages); use one or the other",
  c.on, c, "message", print)
c:close()
waiting:wait()

-- as in Node, a listener may come with the socket
local told = task.event()
local d = assert(net.udp({family = 4}, function(data) if data == "with it" then told:set() end end))
assert(d:bind(0, "127.0.0.1"))
assert(d:send("with it", d:address().port))
assert(told:wait(10))
d:close()
