-- trace.lua - procrun.trace("proc,channel"): one line an event, on standard error or in a file.

local core = require "procrun.core.trace"

local M = {}

--- categories(text) -> number | nil, the word that is none
function M.categories(text)
  local set = 0
  for word in (text .. ","):gmatch("([^,]*),") do
    local name = word:match("^%s*(.-)%s*$")
    local category = core.category(name)
    if not category then return nil, name end
    set = set | category
  end
  return set
end

--- unknown(word) -> what to say about it
function M.unknown(word)
  return ("unknown category '%s' (known: %s, all)"):format(word, table.concat(core.names(), ", "))
end

--- trace([categories], [path]) -> true | nil, message, code; without categories: no more
function M.trace(categories, path)
  if categories == nil or categories == false then return core.start(0) end
  if type(categories) ~= "string" then
    local text = "bad argument #1 to 'trace' (names of categories expected, got %s)"
    error(text:format(type(categories)), 2)
  end
  if path ~= nil and type(path) ~= "string" then
    error(("bad argument #2 to 'trace' (path expected, got %s)"):format(type(path)), 2)
  end
  local set, wrong = M.categories(categories)
  if not set then error(("bad argument #1 to 'trace' (%s)"):format(M.unknown(wrong)), 2) end
  local append = path and path:sub(1, 1) == "+"
  return core.start(set, append and path:sub(2) or path, append)
end

return M
