-- together.lua - sh.all{api = fn, web = fn}: several at once, by name; sh.timeout("5m", fn, ...).

local misuse = require "procrun.events.misuse"
local is_task = require "procrun.core.task".is_task
local task = require "procrun.task"

local M = {}

local function is_function(value)
  return type(value) == "function" or type(value) == "table" and (getmetatable(value) or {}).__call
end

--- map(items, n, fn) -> results of fn(item), in order; at most n at a time. As task's, but fn gets
--- the item alone: sh.map(commands, 4, sh.text)
function M.map(items, n, fn)
  if type(items) ~= "table" then
    misuse("bad argument #1 to 'map' (list expected, got %s)", type(items))
  elseif math.type(n) ~= "integer" or n < 1 then
    misuse("bad argument #2 to 'map' (positive integer expected: how many at once, got %s)",
      tostring(n))
  elseif not is_function(fn) then
    misuse("bad argument #3 to 'map' (function expected, got %s)", type(fn))
  end
  return task.map(items, n, function(item) return (fn(item)) end)
end

--- all(functions by name) -> results by name; the first error cancels the others and is raised
function M.all(functions)
  if type(functions) ~= "table" then
    misuse("bad argument #1 to 'all' (table of functions by name expected, got %s)",
      type(functions))
  end
  local names, list = {}, {}
  for name, fn in pairs(functions) do
    if type(fn) ~= "function" and not is_task(fn) then
      misuse("bad argument #1 to 'all' ('%s': function or task expected, got %s)", tostring(name),
        type(fn))
    end
    names[#names + 1], list[#list + 1] = name, fn
  end
  local results, named = task.all(list), {}
  for i, name in ipairs(names) do named[name] = results[i] end
  return named
end

local function mark(fn, ...)
  return true, fn(...)
end

local function unmark(time, ended, ...)
  if ended then return ... end
  error(require "procrun.sh.failure".plain("timed out after " .. tostring(time), {
    timed_out = true, code = "ETIMEDOUT", where = require "procrun.sh.words".where(), _status = 124,
  }), 0)
end

--- timeout(time, fn, ...) -> results of fn; raises when the time is over before it returns
function M.timeout(time, fn, ...)
  if not is_function(fn) then
    misuse("bad argument #2 to 'timeout' (function expected, got %s)", type(fn))
  end
  local shown = type(time) == "number" and ("%.3gs"):format(time) or time
  return unmark(shown, task.timeout(time, mark, fn, ...))
end

return M
