-- wait raises the very error of the task, every time; whoever lets it go on sees the line of the
-- task in the traceback, and the one that waited.
local task = require "procrun.task"
local check = require "tests.lib.check"

local object = {code = "EX"}
local t = task.spawn(function() task.sleep(0.001) error(object) end)
for _ = 1, 2 do
  local ok, err = pcall(t.wait, t)
  assert(not ok and rawequal(err, object))
end
check.eq(t:status(), "failed")

t = task.spawn(function() task.sleep(0.001) error("text", 0) end)
check.values(table.pack(pcall(t.wait, t)), false, "text")
t = task.spawn(function() task.sleep(0.001) error() end)
check.values(table.pack(pcall(t.wait, t)), false, nil)

local r = check.run [[
local task = require "procrun.task"
local function deep() local x; x.y = 1 end   -- line 2
local t = task.spawn(function()
  task.sleep(0.001)
  deep()                                     -- line 5
end)
t:wait()                                     -- line 7
]]
check.eq(r.code, 1)
check.has(r.err, "attempt to index a nil value (local 'x')")
check.has(r.err, "run1.lua:2: in upvalue 'deep'")
check.has(r.err, "run1.lua:5: in function <")
check.has(r.err, "waited for in")
check.has(r.err, "run1.lua:7: in main chunk")
check.eq(select(2, r.err:gsub("stack traceback:", "")), 2) -- each part once

-- An error that was caught leaves nothing in the traceback of the next one.
r = check.run [[
local task = require "procrun.task"
local t = task.spawn(function() task.sleep(0.001) error("first") end)
pcall(t.wait, t)
error("second")
]]
check.has(r.err, "second")
check.lacks(r.err, "first")
check.lacks(r.err, "waited for in")
