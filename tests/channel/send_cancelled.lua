-- A task that is cancelled, or runs out of time, while its send waits for the peer: the message was
-- accepted, so it arrives once and its callback hears of it once; likewise with a handle.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local BIG <const> = ("x"):rep(3 * 1024 * 1024)
local server = assert(net.listen { host = "127.0.0.1", port = 0 })

-- Sends to a child that is stopped, no longer waits, and ends the stop. What the callbacks heard.
local function run(handle, signal)
  local child = worker.fork [[
local n = 0
for m, handle in process:messages() do
  if handle then handle:close() end
  if m == "end" then break end
  n = n + 1
end
process:send(n)
]]
  child:send "ready"
  assert(child:flush(20))
  assert(child:kill "SIGSTOP")
  local heard = {}
  local function callback(err) heard[#heard + 1] = err and err.code or "sent" end
  local t = task.spawn(function() child:send(BIG, handle, nil, callback) end)
  task.sleep(0.01)
  local _, why = task.timeout(0.05, child.send, child, "late", handle, nil, callback)
  check.eq(why, "timeout")
  t:cancel()
  assert(child:kill(signal))
  if signal == "SIGCONT" then
    assert(child:send "end")
    check.eq(child:receive(60), 3)
  end
  child:wait()
  check.eq(#heard, 2)
  return table.concat(heard, " ")
end

check.eq(run(nil, "SIGCONT"), "sent sent")
check.eq(run(server, "SIGCONT"), "sent sent")
check.eq(run(nil, "SIGKILL"), "EPIPE EPIPE")
check.eq(run(server, "SIGKILL"), "EPIPE EPIPE")
server:close()
