-- misuse.lua - raises an error about a wrong call, at the line of the script that made it.
-- local misuse = require "procrun.events.misuse"; misuse("spawn: unknown option '%s'", key)

return function(format, ...)
  local level = 2
  while true do
    local info = debug.getinfo(level, "S")
    if not info then
      level = 0
      break
    end
    if info.what ~= "C" and info.source:sub(1, 9) ~= "@procrun:" then break end
    level = level + 1
  end
  error(select("#", ...) > 0 and format:format(...) or format, level)
end
