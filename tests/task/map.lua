-- map: results in the order of the items, at most n at once; the first error cancels the rest.
local task = require "procrun.task"
local check = require "tests.lib.check"

local running, most = 0, 0
local r = task.map({5, 1, 4, 2, 3}, 2, function(item, i)
  running = running + 1
  most = math.max(most, running)
  task.sleep(item / 1000)
  running = running - 1
  return item * 10 + i
end)
check.values(r, 51, 12, 43, 24, 35)
check.eq(most, 2)
check.values(task.map({}, 3, print))
check.values(task.map({1}, 100, function(x) return x end), 1)

local begun, object = {}, {}
local ok, err = pcall(task.map, {1, 2, 3, 4, 5}, 2, function(item)
  begun[#begun + 1] = item
  task.sleep(item == 2 and 0.001 or 60)
  error(object)
end)
assert(not ok and rawequal(err, object))
check.values(begun, 1, 2)

local t = task.spawn(task.map, {1, 2, 3}, 1, function() task.sleep(60) end)
task.yield()
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")

check.raises("bad argument #1 to 'map' (table expected, got nil)", task.map)
check.raises("bad argument #2 to 'map' (positive integer expected", task.map, {}, 0, print)
check.raises("bad argument #3 to 'map' (function expected, got nil)", task.map, {}, 1)
