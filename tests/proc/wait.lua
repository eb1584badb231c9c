-- wait: any number of tasks, any number of times, the same result; timeouts; cancels; never a hang.
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

-- 200 kB that nobody reads are claimed
local r = proc.spawn("sh", { "-c", "yes 123456789 | head -c 200000; exit 3" }):wait(20)
assert(r.code == 3 and #r.stdout == 200000 and r.stderr == "")

-- what wait has claimed nobody else can take
local claimed = assert(proc.spawn("cat"))
assert(claimed:wait(0) == nil)
for _, take in ipairs { function() return (claimed.stdout:read()) end,
  function() claimed.stdout:on("data", print) end } do
  local ok, message = pcall(take)
  local told = "wait.lua:.*wait%(%) of the child, called before, takes what comes"
  assert(not ok and message:find(told), message)
end
claimed.stdin:finish("x")
assert(claimed:wait(10).stdout == "x")

-- several tasks and repeatedly
local child = assert(proc.spawn("cat"))
local waiters = {}
for i = 1, 5 do waiters[i] = task.spawn(child.wait, child) end
local gone = task.spawn(child.wait, child)
assert(child:wait(0) == nil)
local _
local none, message, code = child:wait("10ms")
assert(none == nil and message == "timeout" and code == "ETIMEDOUT")
assert(child.result == nil)
assert(select(2, child:exit_code()) == "active" and child:status() == "active")
gone:cancel() -- changes nothing for the others
child.stdin:finish()
r = child:wait(10)
for i = 1, 5 do assert(waiters[i]:wait() == r) end
assert(child:wait() == r and child:wait(0) == r and child.result == r and r.ok)
assert(child:exit_code() == 0 and child:status() == "finished")
assert(gone:wait() == nil and gone:status() == "cancelled")

-- what is read by the script is not claimed, and stays readable after the end
child = assert(proc.spawn("sh", { "-c", "echo one; echo two; echo err >&2" }))
assert(child.stdout:read() == "one")
r = child:wait(10)
assert(r.stdout == nil and r.stderr == "err\n")
assert(child.stdout:read("a") == "two\n")

-- output with listeners has been delivered when wait returns
child = assert(proc.spawn("seq", { 1, 20000 }))
local size, ended = 0, false
child.stdout:on("data", function(chunk) size = size + #chunk end)
child.stdout:on("end", function() ended = true end)
r = child:wait(10)
assert(r.ok and r.stdout == nil and size == 108894 and ended, size)

-- a listener may wait for its own child
child = assert(proc.spawn("echo", { "x" }))
local from_listener = task.event()
child.stdout:on("data", function()
  assert(child:wait(10).ok)
  from_listener:set()
end)
assert(from_listener:wait(10))

-- piped elsewhere: the other end has it
local sink, source = assert(proc.spawn("cat")), assert(proc.spawn("echo", { "piped" }))
source.stdout:pipe(sink.stdin)
assert(source:wait(10).ok and sink:wait(10).stdout == "piped\n")

-- looking at `result` first takes nothing from a later wait
child = assert(proc.spawn("echo", { "kept" }))
local stop = timer.now() + 10
repeat task.sleep(0.001) until child.result or timer.now() > stop
local early = child.result
assert(early.code == 0 and early.stdout == nil)
assert(child:wait(10) == early and early.stdout == "kept\n")

-- a pipe held by a grandchild: a normal end waits for it, as long as the timeout allows
child = assert(proc.spawn("sh", { "-c", "sleep 60 & echo $!" }, { stderr = "ignore" }))
none, _, code = child:wait(0.3)
assert(none == nil and code == "ETIMEDOUT")
-- ... and once it is ended by force at most 100 ms
local began = timer.now()
child.killed = true
r = assert(child:wait(10))
assert(timer.now() - began < 2 and r.ok and r.stdout:find("^%d+\n$"))
os.execute("kill " .. r.stdout)

local script = "(trap '' TERM; exec sleep 60) & echo $!; exec sleep 60"
local forced = assert(proc.spawn("sh", { "-c", script }))
local grandchild = assert(forced.stdout:read())
began = timer.now()
assert(forced:kill())
r = forced:wait(10)
assert(r.signal == "SIGTERM" and timer.now() - began < 2)
os.execute("kill -9 " .. grandchild)
