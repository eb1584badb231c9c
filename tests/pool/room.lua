-- A queue that is full: whoever waits for room in it is served, in time, or told; nobody is
-- forgotten when one before gives up. The pool that is closing takes no call, by no way.
-- timeout: 30
local check = require "tests.lib.check"
local pool = require "tests.lib.pool"
local task = require "procrun.task"

-- `wait` ends when the file is there.
local source = [[
  local fs, task = require "procrun.fs", require "procrun.task"
  return { id = function(...) return ... end, wait = function(path)
    while not fs.exists(path) do task.sleep(0.005) end
    return "waited"
  end }
]]
local gates = 0

local function full(p)
  gates = gates + 1
  local gate = check.tmp("gate" .. gates)
  local first, second = p:start("wait", gate), p:start("id", "queued")
  check.eq(p:stats().queued, 1)
  return gate, first, second
end

local p <close> = pool.new(source, { size = 1, queue = 1 })
p:call("id")

-- all that wait are done, in their order, once
do
  local gate = full(p)
  local before, order, tasks = p:stats(), {}, {}
  for i = 1, 20 do
    tasks[i] = task.spawn(function()
      local job = p:start("id", i, nil, "x")
      local a, b, c = job:wait()
      check.eq(a, i)
      check.eq(b, nil)
      check.eq(c, "x")
      order[#order + 1] = a
    end)
  end
  task.yield()
  check.write(gate, "")
  for _, one in ipairs(tasks) do one:wait() end
  for i, value in ipairs(order) do check.eq(value, i) end
  local after = p:stats()
  check.eq(after.done - before.done, 22)
  check.eq(after.cancelled, before.cancelled)
end

-- the time of one that waits for room is over meanwhile; another is cancelled; the last is served
do
  local gate, first = full(p)
  local tasks = {}
  tasks[1] = task.spawn(function()
    local value, why, code = p:with { timeout = 0.05 }:call("id", 1)
    check.eq(value, nil)
    check.eq(why, "timeout")
    check.eq(code, "ETIMEDOUT")
    check.eq(first:status(), "running")
  end)
  tasks[2] = task.spawn(function() p:call("id", 2) end)
  tasks[3] = task.spawn(function() check.eq(p:call("id", 3), 3) end)
  tasks[1]:wait()
  tasks[2]:cancel()
  check.write(gate, "")
  tasks[3]:wait()
  check.eq(p:stats().queued, 0)
  check.eq(p:stats().timed_out, 1)
  check.eq(p:stats().cancelled, 1)
end

-- a pool that is closing has a worker at rest, and yet does nothing more
do
  local two = pool.new(source, { size = 2, min = 2 })
  while two:stats().ready < 2 do task.sleep(0.005) end
  local gate = check.tmp "gate_of_two"
  local running = two:start("wait", gate)
  local closing = task.spawn(function() return two:close() end)
  task.yield()
  check.eq(two:stats().idle, 1)
  local value, err, code = two:call("id", 1)
  check.eq(value, nil)
  check.eq(err, "the pool is closed")
  check.eq(code, "EPIPE")
  check.write(gate, "")
  check.eq(running:wait(), "waited")
  check.eq(closing:wait(), true)
end
