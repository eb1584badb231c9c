-- proc.fork with exec_path = 'node': our channel as a Node worker sees it.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local json = require "json"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

local N = 20000

local function fork(what)
  local file = "tests/interop/fixtures/worker.js"
  return assert(proc.fork(file, { what }, { exec_path = "node" }))
end

-- values; what JavaScript's numbers hold
local child = fork "echo"
local function echo(value)
  assert(child:send(value))
  return (child:receive(30))
end
for _, value in ipairs {
  "", "ü€\u{1F600}", "a\0b\n\r\u{2028}", 0, -1, 9007199254740991, -9007199254740991, 1 << 52,
  0.1, 1e300, true, false,
} do
  check.eq(echo(value), value)
end
check.eq(echo(9007199254740993), 9007199254740992) -- a double there
check.eq(echo(1.0), 1)
check.eq(echo(json.null), json.null)
check.eq(echo { a = { 1, 2, { b = json.null } }, c = "d" }.a[3].b, json.null)
check.eq(#echo(json.array {}), 0)
local big = ("0123456789"):rep(1024 * 1024)
check.eq(echo(big) == big, true)
child:disconnect() -- only its listener held it
check.eq(child:wait(30).code, 0)

-- 20,000 there, 20,000 back
child = fork "flood"
local log, n = worker.record(child), 0
child:on("message", function(m)
  n = n + 1
  check.eq(m.id, n)
  check.eq(m.text, "ü€\u{1F600}\0")
  if n == N then child:send "enough" end
end)
assert(log.done:wait(60))
check.eq(n, N)
check.eq(table.concat(log, " "), "disconnect exit close")
child = fork "count"
for i = 1, N do assert(child:send { id = i }) end
check.eq(child:receive(60), N)
check.eq(select(3, child:receive(60)), "EPIPE")
check.eq(child:wait(30).code, 0)

-- disconnect and kill, from either side
child = fork "leave"
log = worker.record(child)
check.eq(child:receive(30), "bye")
assert(log.done:wait(30))
check.eq(table.concat(log, " "), "disconnect exit close")
child = fork "stay"
log = worker.record(child)
check.eq(child:receive(30), "ready")
child:disconnect()
assert(log.done:wait(30))
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child:wait().code, 6)
child = fork "hang"
log = worker.record(child)
check.eq(child:receive(30), "ready")
child:kill "SIGKILL"
assert(log.done:wait(30))
check.eq(child:wait().signal, "SIGKILL")

-- internal messages, both ways
child = fork "internal"
local internal = task.event()
child:on("internal_message", function(m) internal:set(check.eq(m.cmd, "NODE_OURS")) end)
local seen = task.event()
child:on("message", function(m) seen:set(check.eq(m.seen, "NODE_THEIRS")) end)
assert(internal:wait(30))
child:send { cmd = "NODE_THEIRS" }
assert(seen:wait(30))
child:kill()
child:wait(30)
