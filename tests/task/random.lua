-- Random programs of tasks, coroutines, timeouts, shields, groups and cancels: every __close
-- handler runs exactly once and to its end, no permit and no value is lost, nothing goes on after
-- its cancel. PROCRUN_SEED repeats one run.
local task = require "procrun.task"
local check = require "tests.lib.check"

local seed = tonumber(os.getenv("PROCRUN_SEED")) or 1
local rounds = os.getenv("PROCRUN_SEED") and 1 or 60
local random = math.random

local opened, closed, budget
local semaphore = task.semaphore(2)
local queue = task.queue(2)
local put, got
local live = {} -- tasks that may be cancelled

local function nap()
  task.sleep(random(4) == 1 and 0.001 or 0)
end

local Closer = {__close = function()
  if random(2) == 1 then nap() end
  if random(4) == 1 then task.timeout(0, nap) end
  if random(6) == 1 then pcall(error, "in a handler") end
  if random(6) == 1 then
    local t = task.spawn(nap)
    t:wait()
  end
  closed = closed + 1
end}

local function closer()
  opened = opened + 1
  return setmetatable({}, Closer)
end

local act

-- A function that acts, and notes whether its task goes on after a cancel.
local function body(depth)
  return function()
    local me = task.current()
    live[me] = true
    local _ <close> = setmetatable({}, {__close = function() live[me] = nil end})
    local _ <close> = closer()
    for _ = 1, random(3) do act(depth) end
    nap()
    assert(live[me] ~= "cancelled", "a task went on after its cancel")
  end
end

local function cancel_one()
  local n = 0
  for t in pairs(live) do
    n = n + 1
    if n == 3 and t ~= task.current() then
      if t:status() == "waiting" then live[t] = "cancelled" end
      t:cancel()
      return
    end
  end
end

local actions = {
  nap,
  function(d) local _ <close> = closer() act(d) end,
  function(d) pcall(act, d) end,
  function(d) pcall(function(...) local _ <close> = closer() act(...) end, d) end,
  function(d) xpcall(act, debug.traceback, d) end,
  function(d) task.timeout(random(3) == 1 and 0 or 0.001, act, d) end,
  function(d) task.timeout(0.001, function() local _ <close> = closer() act(d) nap() act(d) end)
    end,
  function(d) task.shield(act, d) end,
  function(d)
    local gen = coroutine.wrap(function()
      coroutine.yield(1) -- where it may be left for ever
      local _ <close> = closer()
      act(d)
    end)
    for _ in gen do act(d) end
  end,
  function(d)
    local co = coroutine.create(function() local _ <close> = closer() act(d) end)
    if not coroutine.resume(co) then assert(coroutine.status(co) == "dead") end
  end,
  function(d)
    local g <close> = task.group()
    for _ = 1, random(3) do g:spawn(body(d)) end
    if random(2) == 1 then g:wait() end
    if random(5) == 1 then g:cancel() end
  end,
  function(d) pcall(task.all, {body(d), body(d)}) end,
  function(d) pcall(task.race, {body(d), body(d)}) end,
  function(d) pcall(task.map, {1, 2, 3}, 2, body(d)) end,
  function(d) local permit <close> = semaphore:acquire(0.01) if permit then act(d) end end,
  function() if queue:put(1, 0.001) then put = put + 1 end end,
  function() if queue:get(0.001) then got = got + 1 end end,
  cancel_one,
  function() pcall(error, {}) end,
  function() error("an error") end,
  function(d)
    local t = task.spawn(pcall, body(d))
    local _ <close> = setmetatable({}, {__close = function()
      t:cancel()
      t:wait()
    end})
    t:wait(random(2) == 1 and 0.001 or nil)
  end,
}

function act(depth)
  budget = budget - 1
  if depth <= 0 or budget < 0 then return nap() end
  return actions[random(#actions)](depth - 1)
end

for round = seed, seed + rounds - 1 do
  math.randomseed(round)
  opened, closed, put, got, budget = 0, 0, 0, 0, 400
  do
    local g <close> = task.group()
    for _ = 1, 8 do g:spawn(pcall, body(6)) end
    g:spawn(function() for _ = 1, 10 do nap() cancel_one() end end)
  end
  collectgarbage()
  check.eq(closed, opened, "round " .. round .. ": handlers run")
  check.eq(semaphore:free(), 2, "round " .. round .. ": permits")
  while queue:get(0) do got = got + 1 end
  check.eq(got, put, "round " .. round .. ": values")
  check.eq(next(live), nil, "round " .. round .. ": tasks left")
end
