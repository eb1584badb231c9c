-- camel.lua - Node's spelling of a name: who reads or sets process.exitCode learns that it is
-- exit_code here. Asked only for what is not there: camel("process", key, table, ...)

local misuse = require "procrun.events.misuse"

--- camel(what, key, table, ...): raises if one of the tables has the name in snake_case; else nil
return function(what, key, ...)
  if type(key) ~= "string" or not key:find("^%l+%u") then return nil end
  local name = key:gsub("%u", function(letter) return "_" .. letter:lower() end)
  for i = 1, select("#", ...) do
    if rawget((select(i, ...)), name) ~= nil then
      misuse("%s.%s: it is called '%s' here", what, key, name)
    end
  end
  return nil
end
