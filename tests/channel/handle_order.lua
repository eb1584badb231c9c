-- Handles keep their place among messages; 1,000 of them in a row; two peers that send them to each
-- other at the same time; nobody's descriptors are left.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local function descriptors()
  return #fs.readdir "/proc/self/fd"
end

local COUNT <const> = [[
local fs = require "procrun.fs"
local before = #fs.readdir "/proc/self/fd"
process:send "counted"
local n, handles
for m, handle in process:messages() do
  if m == "start" then
    n, handles = 0, 0
  elseif m == "report" then
    collectgarbage()
    collectgarbage()
    process:send {n = n, handles = handles, left = #fs.readdir "/proc/self/fd" - before}
  else
    n = n + 1
    assert(m == n, "out of order: " .. m)
    if handle then
      handles = handles + 1
      handle:close()
    end
  end
end
]]

local child = worker.fork(COUNT)
check.eq(child:receive(20), "counted", "no handle has come before")
local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local before = descriptors()
child:send "start"
for i = 1, 1000 do assert(child:send(i, server)) end
child:send "report"
local m = child:receive(60)
check.eq(m.n, 1000)
check.eq(m.handles, 1000)
check.eq(m.left, 0)
check.eq(descriptors(), before)

child:send "start"
for i = 1, 10000 do
  if i % 97 == 0 then assert(child:send(i, server)) else assert(child:send(i)) end
end
child:send "report"
m = child:receive(60)
check.eq(m.n, 10000)
check.eq(m.handles, 10000 // 97)
check.eq(m.left, 0)
child:disconnect()
check.eq(child:wait(20).code, 0)

-- Both at once, both with more queued than the other has answered.
child = worker.fork [[
local net, task = require "procrun.net", require "procrun.task"
local server = assert(net.listen { host = "127.0.0.1", port = 0 })
local sender = task.spawn(function()
  for i = 1, 200 do
    assert(process:send(i, server))
    assert(process:send(-i))
  end
end)
for m, handle in process:messages() do
  assert((handle ~= nil) == (m > 0))
  if handle then handle:close() end
  if m == -200 then break end
end
sender:wait()
server:close()
]]
task.spawn(function()
  for i = 1, 200 do
    assert(child:send(i, server))
    assert(child:send(-i))
  end
end)
local got = 0
for message, handle in child:messages() do
  got = got + 1
  check.eq(math.abs(message), (got + 1) // 2)
  check.eq(handle ~= nil, message > 0)
  if handle then handle:close() end
end
check.eq(got, 400)
check.eq(child:wait(20).code, 0)
server:close()
