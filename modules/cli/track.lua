-- track.lua - a bar over what a loop goes through: for file in cli.track(files) do ... end

local misuse = require "procrun.events.misuse"
local progress = require "procrun.cli.progress"

local M = {}

local function is_callable(value)
  local meta = getmetatable(value)
  return type(value) == "function" or type(meta) == "table" and meta.__call ~= nil
end

-- Leaving the loop closes the bar, and what the iterator wanted to have closed.
local function guard(bar, closing)
  return setmetatable({}, { __close = function(_, err)
    local _ <close> = closing
    getmetatable(bar).__close(bar, err)
  end })
end

-- An item counts when the loop comes back for the next.
local function over_list(list, options)
  local bar = progress.progress(#list, options)
  local i = 0
  return function()
    if i > 0 then bar:add(1) end
    i = i + 1
    local item = list[i]
    if item == nil then bar:close() end
    return item, i
  end, nil, nil, guard(bar, nil)
end

local function over_iterator(options, total, step, state, control, closing)
  local bar = progress.progress(total, options)
  local begun = false
  local function pass(...)
    if (...) == nil then bar:finish() end
    return ...
  end
  return function(s, c)
    if begun then bar:add(1) end
    begun = true
    return pass(step(s, c))
  end, state, control, guard(bar, closing)
end

local function split(options)
  local rest, total = {}, nil
  for key, value in pairs(options) do
    if key == "total" then total = value else rest[key] = value end
  end
  return rest, total
end

--- track(list, [options]) | track([options,] iterator, state, control, closing) -> for an iterator
function M.track(first, ...)
  if is_callable(first) then return over_iterator(nil, nil, first, ...) end
  if type(first) ~= "table" then
    misuse("track: list or iterator expected, got %s", type(first))
  end
  if is_callable((...)) then
    local options, total = split(first)
    return over_iterator(options, total, ...)
  end
  return over_list(first, (...))
end

return M
