-- walk.lua - everything below a directory: for path, type in fs.walk("src") do … end

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local options_of = require "procrun.fs.glob_options"

local M = {}

local OPTIONS <const> = {
  prune = "function", depth = "integer", ignore = "string or table", only = "string",
  follow = "boolean", stat = "boolean",
}

local BATCH <const> = 512 -- entries that a request brings

local function open(dir, options)
  if options.depth and options.depth < 1 then
    check.misuse("bad argument #2 to 'walk' (option 'depth': 1 or more expected, got %d)",
      options.depth)
  end
  return core.walk(dir, {
    depth = options.depth, follow = options.follow, stat = options.stat,
    ask = options.prune ~= nil, limit = BATCH,
    skip = options_of.ignored(2, "walk", "ignore", options.ignore, options),
    only = options_of.only(2, "walk", options.only, true),
  })
end

local NOTHING <const> = {}

--- fs.walk(dir, [options]) -> iterator of path, type, message, code
function M.walk(dir, options)
  dir = check.path(1, "walk", dir)
  options = check.options(2, "walk", options, OPTIONS)
  local walk, prune, stat = open(dir, options), options.prune, options.stat
  local paths, types, errors, question
  local at, asked = 0, nil

  -- false at the end.
  local function load()
    at = 0
    paths, types, errors, question = walk:next()
    if paths then return true end
    if types then check.misuse("%s", types) end
    walk:close()
    return false
  end

  -- A directory that is to be entered ends a batch: once prune has let it pass it comes again, as
  -- the first of the next one, with what was met in it.
  local function ask(path, kind)
    if prune(path, stat and kind.type or kind) then
      walk:skip()
    else
      asked = path
    end
  end

  local more = load()
  return function()
    while more do
      at = at + 1
      local path, kind = paths[at], types[at]
      if not path then
        more = load()
      elseif question and not paths[at + 1] then
        ask(path, kind)
      elseif not prune or path == asked or not prune(path, stat and kind.type or kind) then
        local failure = errors[at] or NOTHING
        asked = nil
        return path, kind, failure[1], failure[2]
      end
    end
  end
end

return M
