-- task.lua - tasks: coroutines that wait while others run.
-- local task = require "procrun.task"; task.spawn(fn, ...), task.sleep("1s"), task.all{f, g}

local core = require "procrun.core.task"

local M = {
  _types = {task = core.task_methods},
  spawn = core.spawn,
  sleep = core.sleep,
  yield = core.yield,
  current = core.current,
  timeout = core.timeout,
  shield = core.shield,
  is_cancel = core.is_cancel,
}

-- Whatever ends the block: no member of the crew goes on beyond it.
local Guard = {__close = function(self, err)
  local crew = self[1]
  if err ~= nil then crew:cancel() end
  crew:wait()
  if err ~= nil then crew:dismiss() end
end}

-- Runs a list of functions and tasks to their ends: the list with the functions replaced by their
-- tasks, and the task that decided.
local function run_all(kind, list)
  if type(list) ~= "table" then
    error(("bad argument #1 to '%s' (table of functions and tasks expected, got %s)"):format(kind,
      type(list)), 3)
  end
  for i = 1, #list do
    if type(list[i]) ~= "function" and not core.is_task(list[i]) then
      error(("bad argument #1 to '%s' (function or task expected at index %d, got %s)")
        :format(kind, i, type(list[i])), 3)
    end
    if list[i] == core.current() then error(kind .. ": a task cannot wait for itself", 3) end
  end
  local crew, tasks = core.crew(kind), {}
  local _ <close> = setmetatable({crew}, Guard)
  for i = 1, #list do
    tasks[i] = crew:add(core.is_task(list[i]) and list[i] or core.spawn(list[i]))
  end
  crew:wait()
  return tasks, crew:outcome()
end

--- all(list) -> results: the first result of each function or task, in the order of the list. The
--- first error cancels the others and is raised.
function M.all(list)
  local tasks, outcome = run_all("all", list)
  if outcome then
    outcome:wait() -- raises its error
    error(("all: %s was cancelled"):format(outcome), 2)
  end
  local results = {n = #tasks}
  for i = 1, #tasks do results[i] = (tasks[i]:wait()) end
  return results
end

--- race(list) -> results of the function or task that ends first (its error is raised); the others
--- are cancelled.
function M.race(list)
  if type(list) == "table" and #list == 0 then
    error("bad argument #1 to 'race' (at least one function or task expected)", 2)
  end
  local _, outcome = run_all("race", list)
  return outcome:wait()
end

--- map(items, n, fn) -> results, in the order of the items; at most n calls fn(item, index) at a
--- time. The first error cancels the rest and is raised.
function M.map(items, n, fn)
  if type(items) ~= "table" then
    error(("bad argument #1 to 'map' (table expected, got %s)"):format(type(items)), 2)
  elseif math.type(n) ~= "integer" or n < 1 then
    error("bad argument #2 to 'map' (positive integer expected: how many at once)", 2)
  elseif type(fn) ~= "function" then
    error(("bad argument #3 to 'map' (function expected, got %s)"):format(type(fn)), 2)
  end
  local results, next_index, count = {}, 0, #items
  local function work()
    while next_index < count do
      next_index = next_index + 1
      local i = next_index
      results[i] = fn(items[i], i)
    end
  end
  local workers = {}
  for i = 1, math.min(n, count) do workers[i] = work end
  M.all(workers)
  return results
end

local lazy = {group = "procrun.task.group", queue = "procrun.task.queue",
  semaphore = "procrun.task.semaphore", event = "procrun.task.event",
  variable = "procrun.task.variable"}

-- group, queue, semaphore, event and variable are loaded when first used.
for name, module in pairs(lazy) do
  M[name] = function(...)
    M[name] = require(module).new
    return M[name](...)
  end
end

setmetatable(M._types, {__index = function(types, name)
  if lazy[name] then
    types[name] = require(lazy[name]).methods
  elseif name == "permit" then
    types[name] = require(lazy.semaphore).permit
  elseif name == "scope" then
    types[name] = require(lazy.variable).scope
  end
  return rawget(types, name)
end, __pairs = function(types)
  for name in pairs(lazy) do local _ = types[name] end
  local _, _ = types.permit, types.scope
  return next, types
end})

return M
