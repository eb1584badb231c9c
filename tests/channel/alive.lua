-- What an open channel keeps alive: a child only while it listens or receives, a parent always; ref
-- and unref decide otherwise.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

-- the child's side: does it end by itself while the parent stays connected?
local ends = {
  "",
  "process.send(1)",
  "process.on('internal_message', print)",
  "local f = print process.on('message', f) process.off('message', f)",
  "process.on('message', print) process:remove_all_listeners('message')",
  "process.on('message', print) process.channel:unref()",
  "process.channel:unref() process.on('message', print)",
  "process.channel:ref() process.channel:ref() process.channel:unref()",
  "process.on('message', print) process.disconnect()",
  "assert(select(3, process.receive(0)) == 'ETIMEDOUT')",
}
for _, source in ipairs(ends) do
  local child = worker.fork(source)
  assert(child:wait(20), source)
  check.eq(child.result.code, 0, source)
end

local stays = {
  "process.on('message', function() end)",
  "process.on('disconnect', function() end)",
  "local f = print process.on('message', type) process.on('message', f) process.off('message', f)",
  "process.channel:ref()",
  "process.receive() process.receive()",
  "for _ in process:messages() do end",
}
for _, source in ipairs(stays) do
  local child = worker.fork(source)
  child:send(1)
  local result, _, code = child:wait(0.1)
  assert(not result and code == "ETIMEDOUT", source)
  child:disconnect()
  if source:find "ref" then child:kill() end -- nothing but the channel's end would end it
  assert(child:wait(20), source)
end

-- once: until the first message; and a disconnect without listener or reader ends nothing early
local once = worker.fork "process.once('message', function() end)"
assert(not once:wait(0.05))
once:send(1)
check.eq(once:wait(20).code, 0)

-- a listener that waits is let finish, also when the channel has ended meanwhile
local busy = worker.fork([[
local task = require "task"
local n = 0
process.on("message", function() task.sleep(0.002) n = n + 1 end)
process.on("disconnect", function() task.sleep(0.01) os.exit(n) end)
]])
for i = 1, 50 do busy:send(i) end
busy:disconnect()
check.eq(busy:wait(20).code, 50)

-- the parent's side
local function parent(source)
  local result = check.run([[
local proc = require "proc"
local child = proc.spawn("sh", {"-c", "read line <&3; sleep 0.2"},
  {stdio = {"ignore", "ignore", "ignore", "ipc"}})
child:on("close", function() print "closed" end)
]] .. source)
  check.eq(result.code, 0)
  check.eq(result.err, "")
  return result.out
end
check.eq(parent "child:disconnect()", "closed\n")
check.eq(parent "child:unref() child:disconnect()", "")
check.eq(parent "child:unref() child.channel:unref()", "")
local began = check.now()
check.eq(parent "child.channel:unref() child:send(1)", "closed\n")
assert(check.now() - began > 0.15)

-- the channel alone holds a parent until the peer ends
local out = check.run([[
local proc = require "proc"
local child = proc.spawn("sh", {"-c", "sleep 0.2; echo '\"late\"' >&3"},
  {stdio = {"ignore", "ignore", "ignore", "ipc"}})
child:unref()
child:on("message", print)
]]).out
check.eq(out, "late\n")

-- what was sent goes out, whatever holds the process
local file = check.tmp "received"
local text = ("z"):rep(500000)
check.run(([[
local proc = require "proc"
local child = proc.spawn("sh", {"-c", "sleep 0.1; head -n 1 <&3 >%s"},
  {stdio = {"ignore", "ignore", "ignore", "ipc"}})
child:send(("z"):rep(500000))
child:unref()
child.channel:unref()
]]):format(file))
repeat
  task.sleep(0.01)
  local read = check.read(file)
until #read == #text + 3
