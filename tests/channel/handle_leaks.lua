-- Descriptors of handles are gone however a channel ends: with messages nobody took, with handles
-- that wait to go, by exit, by kill, by the collector, in the middle of a line.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local server = assert(net.listen { host = "127.0.0.1", port = 0 })

local function collect()
  for _ = 1, 3 do
    collectgarbage()
    task.sleep(0)
  end
end

local function descriptors()
  collect()
  return #fs.readdir "/proc/self/fd"
end

-- The child is killed while handles wait here, and it had sent some that nobody took.
local function killed()
  local child = worker.fork [[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
for i = 1, 5 do process:send(i, server) end
process:flush()
process:send "sent"
process:receive()
require "procrun.task".sleep(60)
]]
  check.eq(child:receive(20), 1)
  for i = 1, 5 do
    assert(child:send({ text = ("x"):rep(100000), i = i }, server))
    assert(child:send(("y"):rep(10000)))
  end
  child:kill "SIGKILL"
  check.eq(child:wait(20).signal, "SIGKILL")
end

-- The child's object goes while handles wait to go: they still arrive.
local function dropped(file)
  local child = worker.fork([[
local n = 0
for _, handle in process:messages() do
  if handle then
    n = n + 1
    handle:close()
  end
  if n == 20 then break end
end
require "procrun.fs".write(arg[1], "got " .. n)
]], { file })
  for i = 1, 20 do assert(child:send(i, server)) end
end

-- A socket that goes to a peer that refuses it for good, or is gone.
local function refused()
  local child = worker.sh "exec sleep 60"
  local client = assert(net.connect(server:address().port, "127.0.0.1"))
  assert(child:send(1, assert(server:accept())))
  assert(child:send(2, server))
  child:kill "SIGKILL"
  check.eq(child:wait(20).signal, "SIGKILL")
  check.eq(client:read "a", "") -- no one has it any more
  client:close()
end

killed()
refused()
local before = descriptors()
for _ = 1, 3 do
  killed()
  refused()
end
check.eq(descriptors(), before)

local file = check.tmp "got"
dropped(file)
collect()
repeat task.sleep(0.01) until fs.read(file) == "got 20"
repeat task.sleep(0.01) until descriptors() == before
server:close()

-- Exit with handles underway: they arrive; PROCRUN_CHECK tells what is left over.
for _, how in ipairs { "", "os.exit(0)", "process.disconnect()", "error 'x'" } do
  local child = worker.fork([[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
for i = 1, 10 do assert(process.send(i, server)) end
server:close()
]] .. how, {}, { silent = true })
  local n = 0
  for m, handle in child:messages() do
    n = n + 1
    check.eq(m, n)
    handle:close()
  end
  check.eq(n, 10, how)
  check.eq(child:wait(20).code, how:find "error" and 1 or 0)
end
