-- value.lua - the text of an argument as the value of an option or operand: whole numbers, numbers,
-- times, one of several words. local value, message = require "procrun.cli.value"(item, text)

local task = require "procrun.core.task"

local function number(text)
  local plain = text:find "^[+-]?%d+%.?%d*$" or text:find "^[+-]?%d+%.?%d*[eE][+-]?%d+$"
    or text:find "^[+-]?%.%d+$" or text:find "^0[xX]%x+$"
  local value = plain and tonumber(text)
  if value and math.abs(value) < math.huge then return value end
end

local function range(item)
  if item.low and item.high then return ("from %s to %s"):format(item.low, item.high) end
  return item.low and ("of at least %s"):format(item.low) or ("of at most %s"):format(item.high)
end

local readers = {}

function readers.integer(text)
  local value = number(text)
  return math.type(value) == "integer" and value, "whole number"
end

function readers.number(text) return number(text), "number" end

function readers.time(text)
  local fine, seconds = pcall(task.seconds, number(text) or text)
  return fine and seconds, "time such as 30, 1.5s or 10m"
end

return function(item, text)
  if item.choices then
    for _, word in ipairs(item.choices) do
      if word == text then return item.kind and number(text) or text end
    end
    local closest = require "procrun.cli.closest" (text, item.choices)
    return nil, ("%s expected, got '%s'%s"):format(table.concat(item.choices, "|"), text,
      closest and (" (did you mean '%s'?)"):format(closest) or "")
  end
  if not item.kind then return text end
  local value, what = readers[item.kind](text)
  local ranged = item.low or item.high
  local fits = value and (not item.low or value >= item.low)
    and (not item.high or value <= item.high)
  if fits then return value end
  return nil, ("%s%s expected, got '%s'"):format(what, ranged and " " .. range(item) or "", text)
end
