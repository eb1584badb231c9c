-- grow_message.lua - messages of about so many bytes to a worker, each answered by a number:
-- microseconds until the answer is here; `string` is one long string, `structured` many objects.
local proc = require "procrun.proc"
local timer = require "procrun.timer"

if arg[1] == "worker" then
  for message in process:messages() do process:send(#message) end
  return
end

local bytes = tonumber(arg[1])
local worker = assert(proc.fork(arg[0], { "worker" }))

local function per_message(message)
  local times, total = {}, 0
  repeat
    local began = timer.now()
    assert(worker:send(message))
    assert(worker:receive() == #message)
    times[#times + 1] = timer.now() - began
    total = total + times[#times]
  until total > 0.1 and #times >= 3 or total > 1 or #times == 2000
  table.sort(times)
  return times[#times // 2 + 1] * 1e6
end

-- 50 bytes of JSON each
local structured = {}
for i = 1, bytes // 50 do
  structured[i] = { id = 1000000 + i, name = "name", list = { 1, 2 }, on = true }
end

print(('{"string": %.2f, "structured": %.2f}'):format(per_message(("x"):rep(bytes - 3)),
  per_message(structured)))
worker:disconnect()
