-- A hundred thousand tasks at once: asleep, handing on, ended, and gone.
local task = require "procrun.task"
local check = require "tests.lib.check"

local N = (os.getenv("PROCRUN_BUILD") or "") ~= "" and 2000 or 100000 -- special builds are slow
collectgarbage()
collectgarbage()
local before = collectgarbage("count")
local tasks = {}
local count = 0
for i = 1, N do
  tasks[i] = task.spawn(function(n) task.sleep(60) return n end, i)
end
task.yield()
collectgarbage()
collectgarbage()
local bytes = (collectgarbage("count") - before) * 1024 / N
assert(bytes < 2200, "a waiting task costs " .. bytes .. " bytes")
for i = 1, N do tasks[i]:cancel() end
for i = 1, N do
  tasks[i]:wait()
  count = count + 1
end
check.eq(count, N)
tasks = nil -- luacheck: ignore 311
collectgarbage()
collectgarbage()
assert((collectgarbage("count") - before) * 1024 / N < 40,
  "tasks that have ended are not collected")

-- A chain: each waits for the one before it.
local t = task.spawn(function() return 0 end)
for _ = 1, N // 10 do
  local last = t
  t = task.spawn(function() return last:wait() + 1 end)
end
check.eq(t:wait(), N // 10)
