-- options.lua - what the functions of cli take as options: known names, each of its type.
-- options.check("table", given, {align = "table", header = "any"})

local misuse = require "procrun.events.misuse"

local M = {}

--- check(fname, given, kinds) -> given, or an empty table. kinds: name -> type, "any" for any.
function M.check(fname, given, kinds)
  if given == nil then return {} end
  if type(given) ~= "table" then
    misuse("%s: options: table expected, got %s", fname, type(given))
  end
  for key, value in pairs(given) do
    local kind = kinds[key]
    if not kind then
      misuse("%s: unknown option '%s' (known: %s)", fname, tostring(key),
        require "procrun.events.names"(kinds))
    elseif kind ~= "any" and type(value) ~= kind then
      misuse("%s: %s: %s expected, got %s", fname, key, kind, type(value))
    end
  end
  return given
end

return M
