-- arguments.lua - tables of arguments and what they are read as, for the tests of cli.args:
-- arguments.cases(usage_text, {{"-j4 a", jobs = 4, dir = {"a"}}, {"--x", "unknown option"}, …})
local inspect = require "procrun".inspect
local read_argv = require "procrun.cli.argv"
local read_usage = require "procrun.cli.usage"

local M = {count = 0}

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return rawequal(a, b) and math.type(a) == math.type(b)
  end
  for key in pairs(a) do if not same(a[key], b[key]) then return false end end
  for key in pairs(b) do if a[key] == nil then return false end end
  return true
end

-- A string is divided at blanks; a list is taken as it is.
local function argv_of(given)
  if type(given) == "table" then return given end
  local list = {}
  for word in given:gmatch "%S+" do list[#list + 1] = word end
  return list
end

--- cases(text, list): of each case [1] is the arguments, [2] the message that is expected, or the
--- named fields are those of opt that are expected; others are not looked at unless only = true
function M.cases(text, list)
  local spec = read_usage(text)
  for _, case in ipairs(list) do
    M.count = M.count + 1
    local opt, why = read_argv(spec, argv_of(case[1]))
    local label = inspect(case[1]) .. ": "
    if case[2] then
      if opt then error(label .. "accepted as " .. inspect(opt), 2) end
      if not why:find(case[2], 1, true) then
        error(("%s%q is not in: %s"):format(label, case[2], why), 2)
      end
      assert(not why:find "[%c]", label)
    else
      if not opt then error(label .. why, 2) end
      for key, value in pairs(case) do
        if key ~= 1 and key ~= "only" and not same(opt[key], value) then
          error(("%sopt.%s: %s expected, got %s"):format(label, key, inspect(value),
            inspect(opt[key])), 2)
        end
      end
      for key in pairs(case.only and opt or {}) do
        if case[key] == nil then error(("%sopt.%s was not expected"):format(label, key), 2) end
      end
    end
  end
end

--- wrong(text, message): the usage text itself is refused
function M.wrong(text, message)
  M.count = M.count + 1
  local fine, err = pcall(read_usage, text)
  if fine then error("accepted:\n" .. text, 2) end
  if not tostring(err):find(message, 1, true) then
    error(("%q is not in: %s"):format(message, tostring(err)), 2)
  end
end

return M
