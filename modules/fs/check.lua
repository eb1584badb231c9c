-- check.lua - what the functions of fs are called with: check.path(1, "read", path). What is wrong
-- raises at the line of the script.

local misuse = require "procrun.events.misuse"

local M = {misuse = misuse}

--- path(index, name, value) -> path
function M.path(index, name, value)
  if type(value) == "number" then return tostring(value) end
  if type(value) ~= "string" then
    misuse("bad argument #%d to '%s' (path expected, got %s)", index, name, type(value))
  elseif value:find("\0", 1, true) then
    misuse("bad argument #%d to '%s' (path contains a NUL byte)", index, name)
  end
  return value
end

local function known_keys(known)
  local keys = {}
  for key in pairs(known) do keys[#keys + 1] = key end
  table.sort(keys)
  return table.concat(keys, ", ")
end

--- options(index, name, value, known) -> table; known: the Lua types each key may have
function M.options(index, name, value, known)
  if value == nil then return {} end
  if type(value) ~= "table" then
    misuse("bad argument #%d to '%s' (table expected, got %s)", index, name, type(value))
  end
  for key, got in pairs(value) do
    local want = known[key]
    if not want then
      misuse("bad argument #%d to '%s' (unknown option '%s'; known: %s)", index, name,
        tostring(key), known_keys(known))
    elseif not want:find(math.type(got) or type(got), 1, true) then
      misuse("bad argument #%d to '%s' (option '%s': %s expected, got %s)", index, name, key, want,
        type(got))
    end
  end
  return value
end

--- mode(index, name, value, what) -> permission bits | nil; value: 420, "644" in octal, or nil
function M.mode(index, name, value, what)
  local mode = value
  if type(value) == "string" then mode = value:find("^[0-7]+$") and tonumber(value, 8) end
  if mode == nil and value == nil then return nil end
  if math.type(mode) ~= "integer" or mode < 0 or mode > 4095 then
    misuse("bad argument #%d to '%s' (%spermission bits expected, like \"644\", got %s)", index,
      name, what or "", tostring(value))
  end
  return mode
end

return M
