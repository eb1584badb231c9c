-- kill: what it returns and sets, before and after the end; the signal is told by exit and close.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

local cat = assert(proc.spawn("cat"))
local got, done = {}, task.event()
cat.stdout:on("end", function() got[#got + 1] = "end" end)
cat.stdout:on("data", function() got[#got + 1] = "data" end)
cat:on("exit", function(code, signal) got[#got + 1] = tostring(code) .. signal end)
cat:on("close", function(code, signal)
  got[#got + 1] = tostring(code) .. signal
  done:set()
end)
check.eq(cat.killed, false)
check.eq(select(2, cat:exit_code()), "active")
check.eq(cat:kill(0), true)
check.eq(cat.killed, false) -- only asked
check.eq(cat:kill(), true)
check.eq(cat.killed, true)
assert(done:wait(20))
check.eq(table.concat(got, " "), "end nilSIGTERM nilSIGTERM")
check.values({ n = 4, select(1, cat:exit_code()) }, nil, "killed", 15, "SIGTERM")
check.eq(cat:status(), "killed")
check.eq(cat.result.signal, "SIGTERM")

-- a child that minds it not: sent is not ended
local deaf = assert(proc.spawn("sh", { "-c", "trap 'echo heard' HUP; echo; read x; exit 5" }))
deaf.stdout:read()
check.eq(deaf:kill("hup"), true)
check.eq(deaf.stdout:read(), "heard")
check.eq(deaf.killed, true)
deaf.stdin:finish("go\n")
check.eq(deaf:wait(20).code, 5)
check.eq(deaf:status(), "finished")

-- after the end: nobody is hit, nothing changes
local over = assert(proc.spawn("true"))
over:wait(20)
for _, signal in ipairs { "SIGTERM", "KILL", 9, 0 } do
  local ok, message, code = over:kill(signal)
  assert(ok == nil and code == "ESRCH", message)
end
check.eq(over.killed, false)
for _, wrong in ipairs { "SIGFOO", "", -1, 65, 1.5, true, {} } do
  check.raises("signal ('SIGTERM', 'TERM' or 15) expected", over.kill, over, wrong)
end

-- at once, before it could do anything
local early = worker.fork "require 'task'.sleep(60)"
early:kill "SIGKILL"
check.eq(early:wait(20).signal, "SIGKILL")
