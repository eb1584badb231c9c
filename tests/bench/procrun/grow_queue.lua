-- grow_queue.lua - messages that lie in the inbox, so many of them, and are received one by one:
-- nanoseconds each.
local proc = require "procrun.proc"
local timer = require "procrun.timer"

if arg[1] == "worker" then
  local n = tonumber(arg[2])
  while process:receive() do
    for i = 1, n do process:send(i) end
    process:flush()
    io.write "sent\n"
    io.flush()
  end
  return
end

local n = tonumber(arg[1])
local worker = assert(proc.fork(arg[0], { "worker", n }, { stdout = "pipe" }))
local times = {}
for round = 1, math.max(3, math.min(1000, 10000 // n)) do
  worker:send "go"
  assert(worker.stdout:read() == "sent")
  local began = timer.now()
  for i = 1, n do assert(worker:receive() == i) end
  times[round] = (timer.now() - began) / n
end
table.sort(times)
print(('{"value": %.1f}'):format(times[#times // 2 + 1] * 1e9))
worker:disconnect()
