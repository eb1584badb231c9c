-- Timeouts opened inside a __close handler work, also while a cancel goes through; those around the
-- handler wait until it has ended.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log = {}
local function handler()
  return setmetatable({}, {__close = function()
    log[#log + 1] = select(3, task.timeout(0.001, task.sleep, 60)) or "no"
    task.sleep(0.001)
    log[#log + 1] = "end"
  end})
end
local t = task.spawn(function() local _ <close> = handler() task.sleep(60) end)
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")
check.eq(table.concat(log, " "), "ETIMEDOUT end")

log = {}
t = task.spawn(function()
  pcall(function(...) local _ <close> = handler() task.sleep(60, ...) end)
end)
task.yield()
t:cancel()
t:wait()
check.eq(table.concat(log, " "), "ETIMEDOUT end")

log = {}
check.eq(select(3, task.timeout(0.001, function()
  local _ <close> = handler()
  task.sleep(60)
end)), "ETIMEDOUT")
check.eq(table.concat(log, " "), "ETIMEDOUT end")

-- A handler in the block of such a timeout is shielded from it.
log = {}
do
  local _ <close> = setmetatable({}, {__close = function()
    task.timeout(0.001, function()
      local _ <close> = setmetatable({}, {__close = function()
        task.sleep(0.005)
        log[#log + 1] = "inner end"
      end})
      task.sleep(60)
    end)
    log[#log + 1] = "end"
  end})
end
check.eq(table.concat(log, " "), "inner end end")
