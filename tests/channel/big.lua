-- Messages of megabytes, up to the limit of 64 MiB; over it one is dropped, and the next arrives.
-- timeout: 120
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.fork [[for m in process:messages() do process.send(m) end]]
local text = ("0123456789abcdef"):rep(256 * 1024)
assert(child:send(text))
check.eq(child:receive(60) == text, true)
local rows = {}
for i = 1, 20000 do rows[i] = { id = i, text = "row " .. i } end
assert(child:send(rows))
local back = child:receive(60)
check.eq(#back, 20000)
check.eq(back[20000].text, "row 20000")
child:disconnect()
child:wait(20)

local sender = worker.fork [[
local mib = ("x"):rep(1024 * 1024)
process.send(mib:rep(64):sub(3))
process.send(mib:rep(65))
process.send("after")
]]
local errors = {}
sender:on("error", function(err) errors[#errors + 1] = err end)
check.eq(#sender:receive(60), 64 * 1024 * 1024 - 2)
check.eq(sender:receive(60), "after")
check.eq(#errors, 1)
check.eq(errors[1].code, "EMSGSIZE")
sender:wait(20)
