-- The error in a group that nobody waits for is not lost, whether the group is kept or collected.
local check = require "tests.lib.check"

local r = check.run [[
local task = require "procrun.task"
local g = task.group()
g:spawn(function() error("kept") end)
task.sleep(0.001)
g = g
]]
check.eq(r.code, 1)
check.has(r.err, "kept")
check.has(r.err, "in task 2 (")

r = check.run [[
local task = require "procrun.task"
task.group():spawn(function() error("collected") end)
task.yield()
collectgarbage()
collectgarbage()
task.sleep(60)
]]
check.eq(r.code, 1)
check.has(r.err, "collected")

-- One that was told is not reported again.
r = check.run [[
local task = require "procrun.task"
local g = task.group()
g:spawn(function() error("told") end)
print(pcall(g.wait, g))
]]
check.eq(r.code, 0)
check.eq(r.err, "")
check.has(r.out, "told")
