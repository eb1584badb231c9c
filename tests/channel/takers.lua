-- One taker a message: tasks first come first served, or listeners; the inbox until there is one.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

local ECHO = [[for m in process:messages() do process.send(m) end]]
local child = worker.fork(ECHO)

-- three tasks wait, in their order
local got = {}
local function taker(name)
  return function()
    local m = child:receive(20)
    got[#got + 1] = name .. m
  end
end
local tasks = { task.spawn(taker "a"), task.spawn(taker "b"), task.spawn(taker "c") }
task.yield()
check.raises("a task takes the messages", child.on, child, "message", print)
for i = 1, 3 do child:send(i) end
for _, t in ipairs(tasks) do t:wait() end
check.eq(table.concat(got, " "), "a1 b2 c3")

-- a timeout, a cancelled taker: the message is for the next
check.values(table.pack(child:receive(0)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(child:receive("10ms")), nil, "timeout", "ETIMEDOUT")
local cancelled = task.spawn(function() child:receive() end)
task.yield()
cancelled:cancel()
child:send "for me"
check.eq(child:receive(20), "for me")

-- messages wait for a listener
child:send(1)
child:send(2)
assert(child:flush())
local count, all = 0, task.event()
local function listen(m)
  count = count + m
  if count == 3 then all:set() end
end
child:on("message", listen)
assert(all:wait(20))
check.raises("a listener takes the messages", child.receive, child)
check.raises("a listener takes the messages", child.messages, child)
child:off("message", listen)
child:send "back"
check.eq(child:receive(20), "back")

-- leaving a loop over messages() gives the right back
child:send(1)
child:send(2)
do
  local next_message, _, _, guard <close> = child:messages()
  check.eq(next_message(), 1)
  check.raises("a task takes the messages", child.on, child, "message", print)
  assert(guard)
end
local last
child:once("message", function(m)
  last = m
  all:set()
end)
all:clear()
assert(all:wait(20))
check.eq(last, 2)
child:send(3)
check.eq(child:receive(20), 3)

-- after the end what is left can still be taken, also by a late listener
for _, late in ipairs { "receive", "messages", "listener" } do
  local ended = worker.fork "for i = 1, 100 do process.send(i) end"
  local log = worker.record(ended)
  assert(log.done:wait(20))
  check.eq(table.concat(log, " "), "disconnect exit close")
  assert(not ended.connected)
  local n = 0
  if late == "receive" then
    while ended:receive() do n = n + 1 end
  elseif late == "messages" then
    for m in ended:messages() do
      n = n + 1
      check.eq(m, n)
    end
  else
    local full = task.event()
    ended:on("message", function(m)
      n = n + 1
      check.eq(m, n)
      if n == 100 then full:set() end
    end)
    assert(full:wait(20))
  end
  check.eq(n, 100, late)
  check.eq(table.concat(log, " "), "disconnect exit close")
end

-- a task that comes back for each message sees the end after the last; one that stays away does not
-- hold up the end
local slow = worker.fork "for i = 1, 50 do process.send(i) end"
local log, seen = worker.record(slow), 0
while slow:receive(20) do
  seen = seen + 1
  assert(#log == 0, "the end was told before the last message")
  task.sleep(0.001)
end
check.eq(seen, 50)
assert(log.done:wait(20))
local left = worker.fork "for i = 1, 50 do process.send(i) end"
log = worker.record(left)
check.eq(left:receive(20), 1)
assert(log.done:wait(20))
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(left:receive(), 2)

child:disconnect()
assert(child:wait(20).ok)
