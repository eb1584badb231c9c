-- While the kernel has no room for a datagram, send waits, and can be cancelled.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"
local task = require "procrun.task"

-- In a network of its own with a link that is slow: 10 Mbit/s.
local SLOW <const> = "ip link set lo up && "
  .. "tc qdisc add dev lo root tbf rate 10mbit burst 4kb limit 1mb"
if not proc.run("unshare", { "-rn", "sh", "-c", SLOW }).ok then
  print "skip: no network of its own, or no tc, for a user here"
  os.exit(77)
end
if not arg[1] then
  local command = SLOW .. ' && exec "$0" tests/net/udp_full.lua inner'
  local r = proc.run("unshare", { "-rn", "sh", "-c", command, assert(os.getenv "PROCRUN") })
  check.eq(r.stderr, "")
  check.eq(r.code, 0)
  return
end

local a, b = assert(net.udp { recv_buffer = 1 << 20 }), assert(net.udp { send_buffer = 8192 })
assert(a:bind(0, "127.0.0.1"))
local port, waited, sent = a:address().port, 0, 0
task.spawn(function() while sent < 100 do waited = waited + 1 task.yield() end end)
for i = 1, 100 do
  assert(b:send(("x"):rep(1000), port))
  sent = i
end
check.eq(waited > 0, true, "no send has waited")
for _ = 1, 100 do check.eq(#assert(a:receive(10)), 1000) end
