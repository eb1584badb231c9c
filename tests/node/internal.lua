-- Messages whose cmd begins with NODE_ are told as internal_message; others that look like it, not.
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

local child = worker.fork [[
  process:on("internal_message", function(m) process.send {seen = m.cmd} end)
  process:on("message", function(m) process.send(m) end)
  process.send {cmd = "NODE_ours", value = 1}]]
local internal, done, plain = task.event(), task.event(), {}
local message
child:on("internal_message", function(m)
  message = m
  internal:set()
end)
child:on("message", function(m)
  plain[#plain + 1] = m.seen or m.cmd
  if #plain == 4 then done:set() end
end)
assert(internal:wait(20))
check.eq(message.cmd, "NODE_ours")
check.eq(message.value, 1)
for _, cmd in ipairs { "NODE_", "NODEX_a", "node_a", "NODE_a" } do child:send { cmd = cmd } end
assert(done:wait(20))
check.eq(table.concat(plain, " "), "NODE_ NODEX_a node_a NODE_a")
child:disconnect()
child:wait(20)
