-- A waiting timer has no coroutine: thousands of them cost less than a task each.
local timer = require "procrun.timer"

local COUNT <const> = 5000
timer.after(0, print):cancel() -- what the first one starts
collectgarbage()
local before = collectgarbage("count")
local timers = {}
for i = 1, COUNT do timers[i] = timer.after(60, print) end
collectgarbage()
local bytes = (collectgarbage("count") - before) * 1024 / COUNT
assert(bytes < 600, bytes)
for _, t in ipairs(timers) do t:cancel() end
