-- colour.lua - whether what is written somewhere may be coloured: the one place that decides it.
-- if require "procrun.tty.colour"(1) then … end

local core = require "procrun.core.tty"

-- What the variable is set to; an empty one counts as unset.
local function set(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- (descriptor | core stream | file) -> boolean
return function(target)
  if set "NO_COLOR" then return false end
  local forced = set "FORCE_COLOR" or set "CLICOLOR_FORCE"
  if forced and forced ~= "0" then return true end
  if set "FORCE_COLOR" or set "CLICOLOR" == "0" or os.getenv "TERM" == "dumb" then return false end
  return core.is_tty(target)
end
