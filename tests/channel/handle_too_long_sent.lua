-- A handle with a message longer than the other side's max_message: it is refused once its line is
-- whole, so the sender hears of it, and what was sent behind it arrives.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.fork([[
local server = assert(require "procrun.net".listen {host = "127.0.0.1", port = 0})
process:send(("x"):rep(3000000), server, function(err) process:send("heard " .. err.code) end)
process:send "behind it"
process:receive()
server:close()
]], {}, { max_message = 1000 })
local errors = {}
child:on("error", function(err) errors[#errors + 1] = err.code end)
check.eq(child:receive(60), "behind it")
check.eq(child:receive(60), "heard EREMOTEIO")
check.eq(table.concat(errors, " "), "EMSGSIZE EMSGSIZE EMSGSIZE EMSGSIZE")
child:send "end"
check.eq(child:wait().code, 0)
