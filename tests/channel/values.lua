-- What is sent arrives as it was, both ways; callbacks; arguments that are wrong.
local check = require "tests.lib.check"
local json = require "json"
local task = require "task"
local worker = require "tests.lib.worker"

local child = worker.fork [[
process.on("message", function(m)
  if m == "dot" then return process.send("by dot") end
  assert(process:send(m))
end)
]]

local function echo(value)
  assert(child:send(value) == true)
  return (child:receive(20))
end

for _, value in ipairs {
  "", "text", "a\0b", "ü€\u{1F600}", "line\nfeed\r\n", 0, -1, math.maxinteger, math.mininteger,
  9007199254740993, 0.1, 1e300, -0.0, 3.0, true, false,
} do
  check.eq(echo(value), value)
end
check.eq(tostring(echo(-0.0)), "-0.0")
check.eq(echo(json.null), json.null)
check.eq(echo("dot"), "by dot")
check.eq(#echo {}, 0)
local m = echo { list = { 1, 2, { 3 } }, none = json.null, text = "x", deep = { a = {} } }
check.eq(m.list[3][1], 3)
check.eq(m.none, json.null)
assert(m.deep.a and next(m.deep.a) == nil)

-- callbacks: in order, each once, with nil; also a handle's and the options' place left empty
local called, done = {}, task.event()
for i = 1, 3 do
  local function callback(err)
    called[#called + 1] = err == nil and i
    if i == 3 then done:set() end
  end
  if i == 1 then assert(child:send(i, callback))
  elseif i == 2 then assert(child:send(i, nil, callback))
  else assert(child:send(i, nil, { keep_open = true }, callback)) end
end
assert(#called == 0, "a callback ran inside of send")
assert(done:wait(20))
check.eq(table.concat(called, " "), "1 2 3")
for i = 1, 3 do check.eq(child:receive(20), i) end

-- misuse
check.raises("bad argument #1 to 'send' (nil is no message", child.send, child, nil)
check.raises("handle, options or callback expected, got string", child.send, child, 1, "x")
check.raises("a server, a socket or a UDP socket of net can be sent as a handle, got FILE*",
  child.send, child, 1, io.stdout)
check.raises("unknown option 'kepe_open'", child.send, child, 1, nil, { kepe_open = true })
check.raises("belongs to the protocol", child.send, child, { cmd = "NODE_HANDLE_ACK" })
check.raises("colon", child.send, 1)
check.raises("time", child.receive, child, "soon")

-- the answer to a failure is the callback's, once
child:disconnect()
child:disconnect()
assert(not child.connected)
local why = task.event()
check.values(table.pack(child:send(1)), nil, "the channel is disconnected", "EPIPE")
check.eq(child:send(1, function(err)
  check.eq(err.code, "EPIPE")
  why:set()
end), false)
assert(why:wait(20))
check.values(table.pack(child:receive(20)), nil, "disconnected", "EPIPE")
check.eq(child:wait(20).code, 0)

-- without a channel
for _, name in ipairs { "send", "receive", "messages", "flush", "disconnect" } do
  check.raises(name .. ": not started with a channel", process[name], "x")
end
assert(process.connected == false and process.channel == nil)
