-- A cancel passes through a module that waits while it is being loaded; the next require starts
-- anew.
local task = require "procrun.task"
local check = require "tests.lib.check"

local loads = 0
package.preload["test.slow"] = function()
  loads = loads + 1
  task.sleep(loads == 1 and 60 or 0.001)
  return {n = loads}
end
local t = task.spawn(function() pcall(require, "test.slow") error("went on") end)
local second = task.spawn(function() return require "test.slow" end)
task.yield()
t:cancel()
local _, _, code = t:wait()
check.eq(code, "ECANCELED")
check.eq(second:wait().n, 2)
check.eq(require "test.slow".n, 2)
