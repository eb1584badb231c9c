-- camel.lua - Node's spelling of a name: who reads or sets process.exitCode learns that it is
-- exit_code here. Asked only for what is not there: camel.check("process", key, table, ...)

local misuse = require "procrun.events.misuse"

local M = {}

--- to_snake("exitCode") -> "exit_code"
function M.to_snake(name)
  return (name:gsub("%u", function(letter) return "_" .. letter:lower() end))
end

--- check(what, key, table, ...): raises if one of the tables has the name in snake_case; else nil
function M.check(what, key, ...)
  if type(key) ~= "string" or not key:find("^%l+%u") then return nil end
  local name = M.to_snake(key)
  for i = 1, select("#", ...) do
    if rawget((select(i, ...)), name) ~= nil then
      misuse("%s.%s: it is called '%s' here", what, key, name)
    end
  end
  return nil
end

return M
