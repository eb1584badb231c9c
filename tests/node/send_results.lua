-- What send says: true and a callback with nil; after the end a failure, told once.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

local child = worker.fork "process.receive() process.receive()"
local order, done = {}, task.event()
check.eq(child:send("a", nil, nil, function(err) order[#order + 1] = tostring(err) end), true)
check.eq(child:send("b", function(err)
  order[#order + 1] = tostring(err) .. 2
  done:set()
end), true)
order[1] = "later" -- a callback is never called inside of send
assert(done:wait(20))
check.eq(table.concat(order, " "), "later nil nil2")
child:wait(20)

-- after the end: returned, or told to the callback; no event, no error
child:on("error", function() error "an event, too" end)
local ok, message, code = child:send "late"
assert(ok == nil and code == "EPIPE", message)
local told = task.event()
check.eq(child:send("late", function(err)
  check.eq(err.code, "EPIPE")
  told:set()
end), false)
assert(told:wait(20))
check.eq(child.connected, false)
check.eq(child.channel, nil)

-- what is no message
child = worker.fork "process.once('message', function() end)"
check.raises("nil is no message; use json.null", child.send, child)
check.raises("cannot encode a function", child.send, child, print)
check.raises("cycle", child.send, child, (function()
  local t = {}
  t.own = t
  return t
end)())
check.raises("options or callback expected, got number", child.send, child, 1, 42)
check.raises("unknown option 'keepOpen'", child.send, child, 1, nil, { keepOpen = true })
assert(child:send(false)) -- a message as any other
check.eq(child:wait(20).code, 0)

-- without a channel
check.raises("send: not started with a channel", process.send, 1)
check.raises("disconnect: not started with a channel", process.disconnect)
check.eq(process.connected, false)
