-- walk.lua - everything below a directory: for path, type in fs.walk("src") do … end

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"

local M = {}

local WALK_OPTIONS = { prune = "function", depth = "integer" }

--- fs.walk(dir, [options]) -> iterator of path, type, message, code
function M.walk(dir, options)
  dir = check.path(1, "walk", dir)
  options = check.options(2, "walk", options, WALK_OPTIONS)
  local prune, depth = options.prune, options.depth or math.maxinteger
  local names, types = core.readdir(dir)
  if not names then check.misuse("%s", types) end

  local stack = {} -- directories under way, innermost last
  local function enter(path, found, their_types)
    local prefix = path:sub(-1) == "/" and path or path .. "/"
    stack[#stack + 1] = { prefix = prefix, names = found, types = their_types, at = 0 }
  end
  enter(dir, names, types)

  local function visit(path, kind)
    if kind ~= "directory" or #stack >= depth then return path, kind end
    local found, their_types, code = core.readdir_nofollow(path)
    if not found then return path, kind, their_types, code end
    enter(path, found, their_types)
    return path, kind
  end

  return function()
    while #stack > 0 do
      local level = stack[#stack]
      level.at = level.at + 1
      local name = level.names[level.at]
      if not name then
        stack[#stack] = nil
      else
        local path, kind = level.prefix .. name, level.types[name]
        if not (prune and prune(path, kind)) then return visit(path, kind) end
      end
    end
  end
end

return M
