-- Sleepers wake up in the order of their times, those with the same time in the order of their
-- sleeps; nobody early.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log = {}
local g <close> = task.group()
local function sleeper(name, time)
  g:spawn(function()
    local start = check.now()
    check.eq(task.sleep(time), true)
    log[#log + 1] = name
    local seconds = type(time) == "number" and time or tonumber(time:match("%d+")) / 1000
    assert(check.now() - start >= seconds, "woke up early")
  end)
end
sleeper("c", 0.03)
sleeper("a", "10ms")
sleeper("b", 0.02)
sleeper("d", 0.03)
sleeper("0", 0)
g:wait()
check.eq(table.concat(log), "0abcd")

-- sleep(0) lets the others have their turn.
local turns = 0
g:spawn(function() turns = turns + 1 end)
task.sleep(0)
check.eq(turns, 1)

check.raises("bad argument #1 to 'sleep' (time expected", function() task.sleep() end)
check.raises("bad argument #1 to 'sleep' (time expected (seconds, or \"1.5s\"), got \"1 year\")",
  function() task.sleep("1 year") end)
check.raises("(time expected (seconds, or \"1.5s\"), got -1)", function() task.sleep(-1) end)
