-- levels.lua - a tree of directories, gone through level by level, a few directories at a time.

local core = require "procrun.core.fs"

-- Half of the threads of the pool: who reads a file meanwhile does not stand behind a whole tree.
local AT_ONCE <const> = 2

local M = {}

--- each(items, fn) -> true | nil, message, code: fn(item) gives a true value, or the failure that
--- ends it; AT_ONCE of them at a time where a wait is possible
function M.each(items, fn)
  local message, code
  local function one(item)
    if message then return end
    local ok, its_message, its_code = fn(item)
    if not ok and not message then message, code = its_message, its_code end
  end
  if #items > 1 and core.can_wait() then
    require "procrun.task".map(items, AT_ONCE, one)
  else
    for _, item in ipairs(items) do one(item) end
  end
  if message then return nil, message, code end
  return true
end

--- walk(first, visit) -> all directories, each after the one it is in | nil, message, code.
--- visit(dir) gives a list of those directly below.
function M.walk(first, visit)
  local level, all = { first }, {}
  while #level > 0 do
    local below = {}
    local ok, message, code = M.each(level, function(dir)
      local found, its_message, its_code = visit(dir)
      if not found then return nil, its_message, its_code end
      table.move(found, 1, #found, #below + 1, below)
      return true
    end)
    if not ok then return nil, message, code end
    table.move(level, 1, #level, #all + 1, all)
    level = below
  end
  return all
end

--- join(dir, name) -> path
function M.join(dir, name)
  if dir:sub(-1) == "/" then return dir .. name end
  return dir .. "/" .. name
end

return M
