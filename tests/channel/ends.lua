-- Ends: disconnect on either side, a grandchild that holds the channel, close while tasks wait, a
-- child that nobody keeps.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

-- the parent disconnects: all it had sent arrives there, all that was sent here arrives here
local child = worker.fork [[
local n = 0
process.on("message", function(m) n = n + 1 end)
process.on("disconnect", function()
  assert(not process.connected)
  assert(select(3, process.send("too late")) == "EPIPE")
  os.exit(n == 5000 and 9 or 1)
end)
for i = 1, 5000 do process.send(i) end
process.send("now")
]]
local log, n = worker.record(child), 0
child:on("message", function(m)
  if m == "now" then
    for i = 1, 5000 do child:send(i) end
    child:disconnect()
    assert(not child.connected and child.channel == nil)
    check.eq(#log, 0)
    child:disconnect()
  else
    n = n + 1
  end
end)
assert(log.done:wait(20))
check.eq(n, 5000)
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child:wait().code, 9)

-- the child disconnects and lives on
child = worker.fork [[
process.send(1)
process.disconnect()
require("timer").after(0.1, function() os.exit(4) end)
]]
log = worker.record(child)
child:on("message", function(m)
  check.eq(m, 1)
  check.eq(#log, 0)
end)
child:on("disconnect", function() check.eq(child:exit_code(), nil) end)
assert(log.done:wait(20))
check.eq(table.concat(log, " "), "disconnect exit close")

-- a grandchild holds the channel: the exit is told, `close` comes after `disconnect`
child = worker.sh "echo 1 >&3; (sleep 0.2; echo 2 >&3) & exit 6"
log = worker.record(child)
local seen = {}
child:on("message", function(m) seen[#seen + 1] = m .. (log[1] or "") end)
assert(log.done:wait(20))
check.eq(table.concat(log, " "), "exit disconnect close")
check.eq(table.concat(seen, " "), "1 2exit")

-- a parent that is killed: the child's listener hears it, and it ends
local told = check.tmp "told"
local r = check.run(([[
local worker = require "tests.lib.worker"
local proc = require "proc"
local child = proc.fork(%q, {%q}, {autokill = false})
child:receive()
os.execute("kill -KILL " .. process.pid)
]]):format(worker.file [[
process.on("disconnect", function() io.open(arg[1], "w"):write("disconnected"):close() end)
process.on("message", print)
process.send("ready")
]], told))
check.eq(r.code, 128 + 9)
repeat task.sleep(0.01) until require("fs").read(told) == "disconnected"

-- tasks that wait are told when we disconnect and the peer follows
child = worker.fork "process.on('message', print)"
local waiting = task.spawn(function() return child:receive() end)
local looping = task.spawn(function()
  for _ in child:messages() do error "a message" end
  return "over"
end)
task.yield()
child:disconnect()
check.values(table.pack(waiting:wait(20)), nil, "disconnected", "EPIPE")
check.eq(looping:wait(20), "over")
child:wait(20)

-- leaving the block of a <close> child ends the channel, too
do
  local held
  do
    local closing <close> = worker.sh "exec sleep 60"
    held = closing
    waiting = task.spawn(function() return held:receive() end)
    task.yield()
  end
  check.values(table.pack(waiting:wait(20)), nil, "disconnected", "EPIPE")
  assert(not held.connected)
end

-- A child nobody keeps: what was sent arrives, it is not disconnected, and it can go on sending.
local file = check.tmp "kept"
do
  local dropped = worker.fork([[
local count = 0
process.on("message", function(m)
  count = count + #m
  if m == "last" then
    for i = 1, 50 do process.send(("x"):rep(10000)) end
    local f = io.open(arg[1], "w")
    f:write(count, " ", tostring(process.connected))
    f:close()
    os.exit(0)
  end
end)
]], { file })
  for _ = 1, 90 do dropped:send(("y"):rep(10000)) end
  dropped:send "last"
end
collectgarbage()
collectgarbage()
local text
repeat
  task.sleep(0.01)
  text = require("fs").read(file)
until text and text ~= ""
check.eq(text, "900004 true")

-- a listener that is still at the last message when the end comes can answer it
child = worker.fork [[
process:on("message", function(m)
  while process.connected do require("task").yield() end
  process:send("answer to " .. m)
end)
]]
child:send("q")
child:disconnect()
check.eq(child:receive(20), "answer to q")
check.eq(child:wait().ok, true)
