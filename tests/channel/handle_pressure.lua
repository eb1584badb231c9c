-- A worker whose answers are larger than what it is asked, with handles among them, and a peer that
-- asks on without waiting: the peer acknowledges a handle behind its questions, so these are read
-- while the worker waits in send, or it would wait for ever. Likewise behind one long line.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local function run(count, question, answer)
  local child = worker.fork(([[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
local text = ("y"):rep(%d)
for m in process:messages() do
  assert(process:send({i = m.i, text = text}, m.i %% 10 == 1 and server or nil))
end
server:close()
]]):format(answer))
  local text = ("x"):rep(question)
  require "procrun.task".spawn(function()
    for i = 1, count do assert(child:send { i = i, text = text }) end
  end)
  for i = 1, count do
    local m, handle = child:receive(60)
    check.eq(m and m.i, i)
    check.eq(handle ~= nil, i % 10 == 1)
    if handle then handle:close() end
  end
  child:disconnect()
  assert(child:wait().ok)
end

run(3000, 1000, 20000)
run(4, 20000000, 2000000)
