-- The peer dies while bytes of ours lie unread in its end: its last words still arrive, and the
-- end is an orderly one; the same towards a parent.
-- requires: python3
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

for _, hold in ipairs { false, true } do
  local child = worker.python [[
s.recv(1)
for i in range(1000): s.sendall(b'{"i":%d}\n' % i)
os._exit(5)
]]
  local log, n = worker.record(child), 0
  child:on("message", function(m)
    check.eq(m.i, n)
    n = n + 1
    if hold and n == 1 then task.sleep(0.1) end
  end)
  for _ = 1, 300 do child:send(("x"):rep(5000)) end
  assert(log.done:wait(20))
  check.eq(n, 1000)
  check.eq(table.concat(log, " "), "disconnect exit close")
  check.eq(#log.errors, 0)
  check.eq(child:wait().code, 5)
end

-- the parent dies with our bytes unread
local told = check.tmp "told"
local source = worker.file [[
local words = {}
process.on("disconnect", function()
  local f = io.open(arg[1], "w")
  f:write(table.concat(words, " "), " ", tostring(process.connected))
  f:close()
end)
process.on("message", function(m) words[#words + 1] = m end)
for _ = 1, 300 do process.send(("x"):rep(5000)) end
]]
local parent = worker.python(([==[
a, b = socket.socketpair()
pid = os.fork()
if pid == 0:
  os.dup2(b.fileno(), 3)
  os.environ['NODE_CHANNEL_FD'] = '3'
  os.execv(%q, [%q, %q, %q])
b.close()
a.recv(1)
a.sendall(b'"some"\n"last"\n"words"\n')
os._exit(0)
]==]):format(os.getenv "PROCRUN", os.getenv "PROCRUN", source, told))
assert(parent:wait(20).ok)
local text
repeat
  task.sleep(0.01)
  text = require("fs").read(told)
until text and text ~= ""
check.eq(text, "some last words false")
