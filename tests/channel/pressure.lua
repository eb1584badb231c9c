-- A child that never reads makes `send` wait, in bounded memory; one that sends without end is not
-- read beyond the inbox's limit; both go on when the other side takes its messages.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

-- a parent that sends for ever
local stopped = worker.sh "read line; exec sleep 60"
local text, sent = ("x"):rep(1000), 0
local sender = task.spawn(function()
  while stopped:send(text) do sent = sent + 1 end
  return "closed"
end)
local before
repeat
  before = sent
  task.sleep(0.1)
until sent == before and sent > 0
assert(sent > 1000 and sent < 3000, sent)
check.eq(sender:status(), "waiting")
local rss = process.usage().rss
task.sleep(0.05)
assert(process.usage().rss - rss < 1e6)

-- where it cannot wait it says so, and takes nothing
local ok, err = pcall(table.sort, { 1, 2 }, function() return stopped:send(text) end)
assert(not ok and err:find("cannot wait here (in table.sort)", 1, true), err)
-- a flush runs out of time; a cancelled sender lets go
check.values(table.pack(stopped:flush(0.01)), nil, "timeout", "ETIMEDOUT")
local other = task.spawn(function() stopped:send(text) end)
task.yield()
other:cancel()
local _, _, code = other:wait()
check.eq(code, "ECANCELED")
-- the death of the peer ends the waiting
stopped:kill "KILL"
check.eq(sender:wait(20), "closed")
check.values(table.pack(stopped:flush()), nil, "the peer has closed the channel", "EPIPE")
stopped:wait(20)

-- a child that sends for ever
local flood = worker.fork([[
local count, text = 0, ("x"):rep(1000)
local task = require "task"
task.spawn(function()
  while true do
    process.send(text)
    count = count + 1
  end
end)
local before
repeat
  before = count
  task.sleep(0.1)
until count == before and count > 0
assert(count < 4000, count) -- one MiB there, one here, and the kernel's buffers
io.stderr:write(count)
task.spawn(function() require("timer").after(60, print) end)
]], {}, { stdio = { "ignore", "inherit", "pipe", "ipc" } })
local count = tonumber(flood.stderr:read(4))
assert(count and count > 1000, count)
for _ = 1, 3 * count do check.eq(#flood:receive(20), 1000) end
flood:kill "KILL"
flood:wait(20)
