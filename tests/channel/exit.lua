-- An exit sends what is queued while the peer reads slowly, and goes on reading what the peer sends
-- meanwhile; a peer that never reads is given up after exit_timeout.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

-- the child exits with more queued than the kernel takes; the parent reads a message now and then
local ends = { "os.exit(7)", "process.exit(7)", "process.exit_code = 7", "error('x', 0)" }
for _, how in ipairs(ends) do
  local source = "for i = 1, 40 do process.send({i, ('x'):rep(20000)}) end " .. how
  local child = worker.fork(source, {}, { stderr = "ignore" })
  for i = 1, 40 do
    local m = assert(child:receive(20))
    check.eq(m[1], i)
    check.eq(#m[2], 20000)
    if i % 10 == 0 then task.sleep(0.01) end
  end
  check.eq(select(2, child:receive(20)), "disconnected")
  check.eq(child:wait(20).code, how:find "error" and 1 or 7, how)
end

-- a peer that reads only when its own messages are taken: a reader beside a blocked writer
local child = worker.fork [[
for i = 1, 100 do process.send(('x'):rep(10000)) end
os.exit(3)
]]
child:send "the channel is used both ways"
local sender = task.spawn(function()
  local n = 0
  while child:send(("y"):rep(10000)) do n = n + 1 end
  return n
end)
for _ = 1, 100 do check.eq(#child:receive(20), 10000) end
check.eq(child:wait(20).code, 3)
assert(sender:wait(20) >= 1)

-- never read: the exit takes exit_timeout, says so, and fails
local began = check.now()
local r = check.run([[
local proc = require "proc"
process.exit_timeout = 0.2
local child = proc.spawn("sh", {"-c", "exec sleep 9"},
  {stdio = {"ignore", "ignore", "ignore", "ipc"}})
print(child.pid)
for i = 1, 300 do child:send(("x"):rep(3000)) end
os.exit(0)
]])
os.execute("kill " .. r.out)
check.eq(r.code, 1)
check.has(r.err, "not everything could be sent: no progress for 0.2 s")
assert(check.now() - began < 5)

-- and a peer that sends without end but never reads does not hold an exit up either
r = check.run([[
local proc = require "proc"
process.exit_timeout = 0.2
local child = proc.spawn("sh", {"-c", "exec yes 1 >&3"},
  {stdio = {"ignore", "ignore", "ignore", "ipc"}})
print(child.pid)
child:receive()
for i = 1, 300 do child:send(("x"):rep(3000)) end
os.exit(0)
]])
check.eq(r.code, 1)
check.has(r.err, "not everything could be sent")
