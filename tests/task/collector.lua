-- The collector works at the waits of tasks: generational, as in the standalone lua; bounded; and
-- as a script says.
-- build: no-gc-stress
local task = require "procrun.task"

local function fill(kb)
  local garbage = {}
  for i = 1, kb do garbage[i] = ("x"):rep(1000) .. i end
  return garbage
end

-- Garbage of many waits is collected, little of it is ever there at once.
collectgarbage()
local before, most = collectgarbage "count", 0
for _ = 1, 1000 do
  fill(20)
  task.sleep(0)
  most = math.max(most, collectgarbage "count")
end
assert(most - before < 3000, most)

-- What is kept is kept, and collected when it is let go of, old as it is by then.
local kept, weak = {}, setmetatable({}, { __mode = "v" })
for i = 1, 200 do
  kept[i] = { i, tostring(i) }
  weak[i] = kept[i]
  fill(20)
  task.sleep(0)
end
for i = 1, 200 do assert(kept[i][1] == i and kept[i][2] == tostring(i)) end
local rounds, more = 0, {}
kept[1] = nil -- and of the old ones it is known when the heap has doubled
while weak[1] do
  more[rounds] = fill(20)
  task.sleep(0)
  rounds = rounds + 1
  assert(rounds < 1000)
end
for i = 0, rounds - 1 do assert(#more[i] == 20) end

-- A heap that was large once may not be so again: what is kept after a collection counts.
local large, ring = {}, {}
for i = 1, 50 do
  large[i] = fill(500)
  task.sleep(0)
end
assert(#large == 50)
large = nil
collectgarbage()
before, most = collectgarbage "count", 0
for i = 1, 2000 do
  ring[i % 100] = fill(20)
  task.sleep(0)
  most = math.max(most, collectgarbage "count")
end
assert(not large and #ring > 0 and most - before < 12000, most)

-- Stopped is stopped.
collectgarbage "stop"
local lost = setmetatable({ {} }, { __mode = "v" })
for _ = 1, 100 do
  fill(20)
  task.sleep(0)
end
assert(lost[1])
assert(not collectgarbage "isrunning")
collectgarbage "restart"
for _ = 1, 100 do
  fill(20)
  task.sleep(0)
end
assert(not lost[1])

-- A script that chooses is left alone: with a cycle begun for each byte, hardly any garbage stays.
assert(collectgarbage "incremental" == "generational")
collectgarbage("setpause", 0)
collectgarbage("setstepmul", 1000)
collectgarbage()
before, most = collectgarbage "count", 0
for _ = 1, 500 do
  fill(5)
  task.sleep(0)
  most = math.max(most, collectgarbage "count")
end
assert(most - before < 100, most - before)
