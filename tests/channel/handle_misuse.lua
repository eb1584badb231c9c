-- What is no handle is an error that names it, before anything is sent; what cannot go is a
-- failure, told once; a socket that did not go is still here.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local child = worker.fork [[
for m, handle in process:messages() do
  process:send({m = m}, handle)
  if handle then handle:close() end
end
]]
local server = assert(net.listen { host = "127.0.0.1", port = 0, pause_on_connect = false })
local function connection()
  local client = assert(net.connect(server:address().port, "127.0.0.1"))
  return assert(server:accept()), client
end

local bad = {
  { io.stdout, "got FILE*" }, { child, "got procrun.child" }, { task.event(), "#2 to 'send'" },
  { child.channel, "got procrun.channel" }, { 5, "got number" }, { "x", "got string" },
  { true, "got boolean" }, { require "procrun.pipe".pair(), "a server, a socket or a UDP socket" },
}
for _, one in ipairs(bad) do
  check.has(check.raises("bad argument #2 to 'send'", child.send, child, "m", one[1]), one[2])
end
check.raises("bad argument #3 to 'send' (the handle stands behind the message)", child.send, child,
  "m", {}, server)
check.raises("unknown option 'keepopen'", child.send, child, "m", server, { keepopen = true })
check.raises("option 'keep_open': boolean expected, got string", child.send, child, "m", server,
  { keep_open = "yes" })
check.raises("nil is no message", child.send, child, nil, server)
check.raises("belongs to the protocol", child.send, child, { cmd = "NODE_HANDLE" }, server)

-- a message that JSON cannot say: the socket has not gone
local accepted, client = connection()
check.raises("send: ", child.send, child, { 0 / 0 }, accepted)
local deep = 1
for _ = 1, 1000 do deep = { deep } end
check.raises("too deeply nested", child.send, child, deep, accepted)
assert(accepted:write "here\n")
check.eq(client:read "l", "here")

-- bytes that were read and not taken
assert(client:write "one\ntwo\n")
check.eq(accepted:read "l", "one")
local ok, message, code = child:send("m", accepted)
check.eq(ok, nil)
check.eq(code, "EBUSY")
check.has(message, "send: 4 bytes of this socket have been read in already")
check.eq(accepted:read "l", "two")

-- what was written goes out first; then it is gone here
assert(accepted:write(("x"):rep(100000)))
local reader = task.spawn(function() return client:read(100000) end)
assert(child:send("m", accepted))
check.eq(#reader:wait(20), 100000)
local m, back = child:receive(20)
check.eq(m.m, "m")
check.eq(accepted:fileno(), nil)
check.values(table.pack(child:send("m", accepted)), nil, "send: the socket is closed", "EBADF")
local told = task.event()
check.eq(child:send("m", accepted, function(err)
  told.err = err
  told:set()
end), false)
assert(told:wait(20))
check.eq(told.err.code, "EBADF")
back:close()
client:close()

-- a closed server
local closed = assert(net.listen { host = "127.0.0.1", port = 0 })
closed:close()
check.eq(select(3, child:send("m", closed)), "EBADF")
check.eq(child:send "still in order", true)
check.eq(child:receive(20).m, "still in order")

-- a message that is Node's own, with a handle: told as such, and closed where nobody listens
child:on("internal_message", function(internal, handle)
  told.got, told.kind = internal.cmd, net._kind(handle)
  handle:close()
end)
local taker = task.spawn(function() return child:receive(20) end)
local node = worker.fork [[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
process:send({cmd = "NODE_CLUSTER"}, server)
process:send "next"
process:send({cmd = "NODE_CLUSTER"}, server)
process:send "last"
server:close()
]]
local heard = {}
local function hear(internal, handle)
  heard[#heard + 1] = internal.cmd .. " " .. tostring(net._kind(handle))
  handle:close()
end
node:on("internal_message", hear)
check.eq(node:receive(20), "next")
node:off("internal_message", hear)
check.eq(node:receive(20), "last")
check.eq(table.concat(heard, ", "), "NODE_CLUSTER server")
check.eq(node:wait(20).code, 0)
taker:cancel()

-- after the end
child:disconnect()
check.values(table.pack(child:send("m", server)), nil, "the channel is disconnected", "EPIPE")
check.eq(child:wait(20).code, 0)

-- over stdio, and where there is no channel
local cat = assert(proc.spawn("cat", {}, { channel = "stdio" }))
ok, message, code = cat:send("m", server)
check.eq(ok, nil)
check.eq(code, "ENOTSUP")
check.has(message, "a channel over stdio carries messages only")
assert(cat:send "m")
check.eq(cat:receive(20), "m")
cat:disconnect()
cat:wait(20)
local lone = assert(proc.spawn "true")
check.raises("not started with a channel", lone.send, lone, "m", server)
lone:wait(20)
server:close()
