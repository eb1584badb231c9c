-- Two peers that only send: each says so once, naming its task; and all goes on when one receives.
local check = require "tests.lib.check"

local result = check.run([[
local task = require "task"
local worker = require "tests.lib.worker"
local child = worker.fork("for i = 1, 5000 do process.send(('y'):rep(1000)) end", {},
  { stderr = "pipe" })
local t = task.spawn(function()
  for _ = 1, 5000 do if not child:send(("x"):rep(1000)) then return end end
end)
t.name = "feeder"
print(child.stderr:read("l"))
child:flush(1.2)
local n = 0
for _ in child:messages() do n = n + 1 end
print(n)
child:wait()
]])
check.eq(result.code, 0)
local there, count = result.out:match "^(.-)\n(%d+)\n$"
check.has(there, "the main task")
check.has(there, "has waited for 1 s in send")
check.eq(count, "5000")
check.has(result.err, "'feeder'")
local _, told = result.err:gsub("has waited", "")
check.eq(told, 1)
