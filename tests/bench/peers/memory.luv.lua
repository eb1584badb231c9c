-- memory.luv.lua N - the memory of a worker that has answered a message and is idle: the mean of N,
-- in kB.

local uv, cjson = require "luv", require "cjson"
local dir = arg[0]:match("^(.*)/")
local n = tonumber(arg[1])

local workers, answers, pss, private = {}, 0, 0, 0

local function measure()
  for _, worker in ipairs(workers) do
    local file = assert(io.open(("/proc/%d/smaps_rollup"):format(worker.pid)))
    local text = file:read("a")
    file:close()
    pss = pss + text:match("Pss:%s*(%d+)")
    private = private + text:match("Private_Dirty:%s*(%d+)")
    worker.channel:shutdown()
  end
  print(cjson.encode { value = pss / n, private = private / n })
end

for i = 1, n do
  local channel = uv.new_pipe(false)
  local _, pid = assert(uv.spawn(uv.exepath(), {
    args = { dir .. "/channel_worker.luv.lua", "echo" }, stdio = { nil, 1, 2, channel } },
    function() end))
  workers[i] = { channel = channel, pid = pid }
  channel:write(cjson.encode({ n = 1 }) .. "\n")
  channel:read_start(function(_, line)
    if not line then return end
    answers = answers + 1
    if answers == n then measure() end
  end)
end
uv.run()
