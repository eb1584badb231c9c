-- timeout gives the function's values, or nil, "timeout", "ETIMEDOUT"; of several, one inside the
-- other, each catches its own.
local task = require "procrun.task"
local check = require "tests.lib.check"

local function timed_out(...) check.values(table.pack(...), nil, "timeout", "ETIMEDOUT") end

check.values(table.pack(task.timeout(10, function(...) return ... end, 1, nil, 3, nil)), 1, nil,
  3, nil)
timed_out(task.timeout(0.001, task.sleep, 60))
timed_out(task.timeout("1ms", task.sleep, 60))
timed_out(task.timeout(0, task.sleep, 60))
check.raises("own", task.timeout, 10, function() error("own") end)

-- The inner one.
local outer = table.pack(task.timeout(60, function()
  timed_out(task.timeout(0.001, task.sleep, 60))
  task.sleep(0.001)
  return "outer"
end))
check.values(outer, "outer")

-- The outer one: the inner one does not catch it, nor does pcall.
local log = {}
timed_out(task.timeout(0.001, function()
  local r = table.pack(pcall(task.timeout, 60, function()
    local _ <close> = setmetatable({}, {__close = function(_, e) log[#log + 1] = tostring(e) end})
    task.sleep(60)
  end))
  log[#log + 1] = r.n
end))
check.eq(table.concat(log, " "), "the time ran out")

-- Both at once: the outer one ends it all.
timed_out(task.timeout(0.001, function()
  task.timeout(0.001, function() task.sleep(60) end)
  task.sleep(60)
end))

-- One of many, in the middle.
log = {}
local function nest(n)
  log[n] = task.timeout(n == 5 and 0.001 or 60, function()
    if n < 10 then nest(n + 1) else task.sleep(60) end
    log[n] = false
    return n
  end)
end
nest(1)
for i = 1, 10 do check.eq(log[i], i < 5 and i or nil) end

-- The task goes on as if nothing had been.
task.sleep(0.001)

-- A task's cancel is none of them.
local t = task.spawn(function() task.timeout(60, task.sleep, 60) error("went on") end)
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")

-- Time that ran out without a wait is of no interest.
check.eq(task.timeout(0, function()
  local start = check.now()
  repeat until check.now() > start + 0.003
  return "done"
end), "done")

-- An error of a __close handler replaces it; the timeout is over then.
check.raises("in close", task.timeout, 0.001, function()
  local _ <close> = setmetatable({}, {__close = function() error("in close") end})
  task.sleep(60)
end)
task.sleep(0.001)

check.raises("bad argument #1 to 'timeout' (time expected", function() task.timeout() end)
check.raises("bad argument #2 to 'timeout' (function expected", function() task.timeout(1) end)
