-- A socket keeps the process alive while a task or a listener waits for it, with ref() always, with
-- unref() never.
local check = require "tests.lib.check"

local HEAD <const> = [[
local net, task, timer = require "procrun.net", require "procrun.task", require "procrun.timer"
local u, other = assert(net.udp()), assert(net.udp())
assert(u:bind(0, "127.0.0.1"))
local function later() -- what keeps nobody alive
  timer.after("20ms", function() other:send("x", u:address().port) end):unref()
end
]]
local function out(script, code)
  local r = check.run(HEAD .. script)
  check.eq(r.err, "")
  check.eq(r.code, code or 0)
  return r.out
end
check.eq(out "print 'end'", "end\n")
check.eq(out "later() u:on('message', function(data) print(data) u:close() end)", "x\n")
check.eq(out "later() print((u:receive()))", "x\n")
check.eq(out "u:ref() timer.after('20ms', function() print 'closed' u:close() end):unref()",
  "closed\n")
check.eq(out "u:on('message', print) u:unref() later()", "")
check.eq(out "u:ref() u:unref() u:on('message', print)", "")
local r = check.run(HEAD .. "u:unref() u:receive()")
check.has(r.err, "waits for a datagram")
check.eq(r.code, 1)
