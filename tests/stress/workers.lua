-- Two hundred workers at once: every answer is counted once and nothing is left, whether answers
-- are received or listened to; and a parent that ends while they live leaves none of them.
-- timeout: 120
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

for _, how in ipairs { "--json", "--listen" } do
  local result = proc.run(process.exec_path, { "tests/bench/workers.lua", 200, how })
  check.eq(result.stderr, "", how)
  check.eq(result.code, 0, how)
end

local run = check.run [[
local proc = require "procrun.proc"
local workers = {}
for i = 1, 200 do
  workers[i] = assert(proc.fork("tests/bench/procrun/answer.lua", { i }))
end
for i, worker in ipairs(workers) do
  worker:send "a question"
  assert(worker:receive()[1] == i)
  print(worker.pid)
end
os.exit(3)]]
check.eq(run.err, "")
check.eq(run.code, 3)
local count = 0
for pid in run.out:gmatch "%d+" do
  count = count + 1
  check.eq(fs.exists("/proc/" .. pid), false, pid)
end
check.eq(count, 200)
