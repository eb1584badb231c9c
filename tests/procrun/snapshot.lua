-- procrun.snapshot(): the same facts as a table, which JSON can say.
local json = require "procrun.json"
local procrun = require "procrun"
local task = require "procrun.task"
local workers = require "tests.lib.worker"

local worker = workers.fork [[
  process:send "ready"
  for message in process:messages() do
    for i = 1, message == "say" and 3 or 0 do process:send(i) end
  end]]
assert(worker:receive("20s") == "ready")
worker:send {text = "hello"}
worker:flush()
local waiting = task.spawn(function() return worker:receive() end)
waiting.name = "waiting"
task.sleep(0.01)
local s = procrun.snapshot()

local by_name = {}
for _, t in ipairs(s.tasks) do by_name[t.name or t.id] = t end
assert(s.pid == process.pid and s.ppid == process.ppid and s.heap > 10000)
assert(s.loop.turns > 0 and s.loop.uptime > 0 and s.loop.requests == 0 and not s.loop.exiting)
assert(by_name[1].state == "running" and by_name[1].place:find "snapshot%.lua:%d+$")
local t = by_name.waiting
assert(t.state == "waiting" and t.waits_for == "a message" and t.since >= 0 and t.since < 60)
assert(t.at == "the channel to child " .. worker.pid and t.parents[1] == "the main task")
assert(#s.children == 1 and s.children[1].pid == worker.pid and s.children[1].running)
assert(s.children[1].command:find "worker1%.lua" and s.children[1].usage.rss > 0)
local channel = s.channels[1]
assert(#s.channels == 1 and channel.peer == worker.pid and channel.connected)
assert(channel.unread == 0 and channel.unread_messages == 0 and channel.unsent_messages == 0)
assert(channel.sent == #'{"text":"hello"}\n' and channel.received > 0)
assert(json.decode(assert(json.encode(s))).pid == s.pid)

-- What nobody has taken, and what ends.
waiting:cancel()
worker:send "say" -- it says three things
while procrun.snapshot().channels[1].unread_messages < 3 do task.sleep(0.001) end
worker:disconnect()
assert(worker:wait("20s").ok)
s = procrun.snapshot()
assert(not s.children[1].running and s.children[1].code == 0 and not s.children[1].command)
