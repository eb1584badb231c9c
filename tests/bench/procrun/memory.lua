-- memory.lua N - the memory of a forked worker that has answered a message and is idle: the mean of
-- N, in kB.

local json = require "procrun.json"
local proc = require "procrun.proc"

local n = math.tointeger(arg[1])

local workers, pss, private = {}, 0, 0
for i = 1, n do
  workers[i] = assert(proc.fork(process.script_dir .. "/channel_worker.lua", { "echo" }))
  workers[i]:send({ n = i })
end
for i, worker in ipairs(workers) do assert(worker:receive().n == i) end
for _, worker in ipairs(workers) do
  local file <close> = assert(io.open(("/proc/%d/smaps_rollup"):format(worker.pid)))
  local text = file:read("a")
  pss = pss + text:match("Pss:%s*(%d+)")
  private = private + text:match("Private_Dirty:%s*(%d+)")
end
for _, worker in ipairs(workers) do worker:disconnect() end
for _, worker in ipairs(workers) do assert(worker:wait().ok) end
print(json.encode { value = pss / n, private = private / n })
