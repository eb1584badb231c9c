-- map: in order, by name, over an iterator; the first error cancels the rest and is raised.
-- completed: as they are done, failures told; leaving the loop cancels the rest.
local check = require "tests.lib.check"
local pool = require "tests.lib.pool"
local task = require "procrun.task"

local p <close> = pool.new([[
  local task = require "procrun.task"
  return {
    double = function(x) return x * 2 end,
    late = function(x) task.sleep(x) return x end,
    bad = function(x) if x == 3 then error("three") end return x end,
    void = function() end,
  }]], { size = 2 })

local items = {}
for i = 1, 500 do items[i] = i end
local doubled = p:map("double", items)
check.eq(doubled.n, 500)
for i = 1, 500 do check.eq(doubled[i], 2 * i) end
check.eq(p:map("double", {}).n, 0)
check.eq(p:map("void", { 1, 2, 3 }).n, 3)

-- an iterator is asked for no more than the workers need
local taken = 0
local function endless()
  taken = taken + 1
  return taken
end
for _, value in p:completed("double", endless) do
  if value == 200 then break end
end
assert(taken < 150, taken)

local err = check.raises("three", p.map, p, "bad", { 1, 2, 3, 4 })
check.matches(err.message, "worker1.lua:5: three$")

-- the rest is cancelled: the next calls find the workers free
check.raises("no function", function()
  p:map("none", { 1, 2, 3, 4, 5 })
end)
local outcome = {}
for i, value, why in p:completed("bad", { 1, 2, 3, 4 }) do
  outcome[i] = value or why.message:match "%w+$"
end
check.eq(table.concat(outcome, " "), "1 2 three 4")

local order = {}
for i in p:completed("late", { 0.3, 0.001 }) do order[#order + 1] = i end
check.eq(table.concat(order, " "), "2 1")

do
  local next_one, _, _, _ <close> = p:completed("late", { 60, 0.001, 60, 60 })
  check.eq(next_one(), 2)
end
check.eq(p:call("double", 4), 8)
check.values(table.pack(task.timeout("10s", p.map, p, "late", { 0.01 })[1]), 0.01)
check.raises("list of items or iterator expected, got number", p.map, p, "late", 5)
