-- Text of several bytes a character, cut anywhere on its way: it arrives whole.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local text = ("ßß€€😀"):rep(60000)
local child = worker.fork [[
  process:on("message", function(m)
    process.send(m)
    if #m < 10 then process.disconnect() end
  end)]]
for shift = 0, 3 do
  local message = ("x"):rep(shift) .. text
  assert(child:send(message))
  check.eq(child:receive(20) == message, true)
end
child:send "end"
check.eq(child:receive(20), "end")
check.eq(select(3, child:receive(20)), "EPIPE")
check.eq(child:wait(20).code, 0)
