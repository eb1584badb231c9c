-- An error in a __close handler during a cancel does not revive the task: it becomes its error.
local task = require "procrun.task"
local check = require "tests.lib.check"

local went_on, outer = false, 0
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function(_, err) outer = err end})
  pcall(function()
    local _ <close> = setmetatable({}, {__close = function() error("in close", 0) end})
    task.sleep(60)
  end)
  went_on = true
end)
task.yield()
t:cancel()
local _, _, code = t:wait()
assert(not went_on and task.is_cancel(outer))
check.eq(code, "ECANCELED")

-- Nothing above it: the error is the task's.
t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() error("in close", 0) end})
  task.sleep(60)
end)
task.yield()
t:cancel()
check.values(table.pack(pcall(t.wait, t)), false, "in close")
check.eq(t:status(), "failed")

local r = check.run [[
local task = require "procrun.task"
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() error("in close") end})
  task.sleep(60)
end)
task.yield()
t:cancel()
task.sleep(60)
]]
check.eq(r.code, 1)
check.has(r.err, "run1.lua:3: in close")
