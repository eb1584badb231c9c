-- Dispatch tasks neither keep the process alive nor count as a deadlock; an error in one is an
-- uncaught error with the name of the task.
local check = require "tests.lib.check"

local r = check.run [[
local core = require "procrun.core.task"
core.spawn_daemon("of a test", function()
  local _ <close> = setmetatable({}, {__close = function() print("closed") end})
  core.list():wait(nil, "nothing", function() end)
end)
core.spawn_daemon("sleeper", core.sleep, 60)
core.yield()
]]
check.eq(r.code, 0)
check.eq(r.err, "")
check.eq(r.out, "closed\n")

r = check.run [[
local core = require "procrun.core.task"
core.spawn_daemon("events of a test", function()
  core.sleep(0.001)
  error("in the listener") -- line 4
end)
core.sleep(60)
]]
check.eq(r.code, 1)
check.has(r.err, "run2.lua:4: in the listener")
check.has(r.err, "in dispatch task 'events of a test', started by the main task")
