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

local function is_task(value)
  return type(value) == "userdata" and getmetatable(value) == getmetatable(core.current())
end

-- The tasks of a list that may hold functions as well; functions are started, and are ours to end.
local function start_all(list, name)
  if type(list) ~= "table" then
    error(("bad argument #1 to '%s' (table of functions and tasks expected, got %s)"):format(name,
      type(list)), 3)
  end
  local tasks = {}
  for i = 1, #list do
    local item = list[i]
    if type(item) ~= "function" and not is_task(item) then
      error(("bad argument #1 to '%s' (function or task expected at index %d, got %s)"):format(name, i,
        type(item)), 3)
    end
  end
  for i = 1, #list do
    tasks[i] = core.handled(is_task(list[i]) and list[i] or core.spawn(list[i]))
  end
  return tasks
end

-- Cancels what still runs, and waits until it has ended, when the block of the caller is left.
local function end_all(tasks)
  return setmetatable({}, {__close = function()
    for _, t in ipairs(tasks) do t:cancel() end
    for _, t in ipairs(tasks) do pcall(t.wait, t) end
  end})
end

-- Wakes `list` whenever one of the tasks has ended, by a watcher for each.
local function watch(tasks, list, ended)
  for i, t in ipairs(tasks) do
    core.spawn_daemon("watcher of task.all or task.race", function()
      pcall(t.wait, t)
      ended[#ended + 1] = i
      list:wake_all()
    end)
  end
end

--- all(list) -> results: the first result of each function or task, in the order of the list. The
--- first error cancels the others and is raised.
function M.all(list)
  local tasks = start_all(list, "all")
  local _ <close> = end_all(tasks)
  local results, ended, bell = {n = #tasks}, {}, core.list()
  watch(tasks, bell, ended)
  for seen = 1, #tasks do
    bell:wait(nil, "all of several tasks", function() return #ended >= seen end)
    local t = tasks[ended[seen]]
    if t:status() == "cancelled" then error("task.all: a task was cancelled", 2) end
    results[ended[seen]] = (t:wait())
  end
  return results
end

--- race(list) -> results of the function or task that ends first (its error is raised); the others
--- are cancelled.
function M.race(list)
  local tasks = start_all(list, "race")
  if #tasks == 0 then error("bad argument #1 to 'race' (at least one function or task expected)", 2) end
  local _ <close> = end_all(tasks)
  local ended, bell = {}, core.list()
  watch(tasks, bell, ended)
  bell:wait(nil, "the first of several tasks", function() return #ended > 0 end)
  return tasks[ended[1]]:wait()
end

--- map(items, n, fn) -> results, in the order of the items; at most n calls fn(item, index) at once.
--- The first error cancels the rest and is raised.
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
  semaphore = "procrun.task.semaphore", event = "procrun.task.event"}

-- group, queue, semaphore and event are loaded when first used.
for name, module in pairs(lazy) do
  M[name] = function(...)
    M[name] = require(module).new
    return M[name](...)
  end
end

setmetatable(M._types, {__index = function(types, name)
  if not lazy[name] then return nil end
  types[name] = require(lazy[name]).methods
  return types[name]
end, __pairs = function(types)
  for name in pairs(lazy) do local _ = types[name] end
  return next, types
end})

return M
