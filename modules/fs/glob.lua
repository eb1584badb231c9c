-- glob.lua - names that match a pattern: for _, path in ipairs(fs.glob "src/**/*.{c,h}") do … end

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local options_of = require "procrun.fs.glob_options"
local pattern = require "procrun.fs.glob_pattern"

local M = {}

local OPTIONS <const> = {
  absolute = "boolean", cwd = "string", dot = "boolean", follow = "boolean",
  ignore = "string or table", mark = "boolean", nocase = "boolean", only = "string",
  strict = "boolean",
}

-- The directory where relative patterns begin, with its slash; "" for the present one.
local function start_of(options)
  local dir = options.cwd or ""
  if options.absolute and dir:byte() ~= 47 then
    local cwd, message, code = core.cwd()
    if not cwd then return nil, "cwd: " .. message, code end
    dir = dir == "" and cwd or cwd .. "/" .. dir
  end
  return (dir == "" or dir:sub(-1) == "/") and dir or dir .. "/"
end

-- The walks that find them, at most two: from the root for absolute patterns, from the directory.
local function walks_of(name, patterns, options, batch)
  options = check.options(2, name, options, OPTIONS)
  if options.cwd then check.path(2, name, options.cwd) end
  local spec, kinds = options_of.patterns(1, name, patterns, options)
  local plan = {
    want = spec, skip = options_of.ignored(2, name, "ignore", options.ignore, options),
    only = options_of.only(2, name, options.only), follow = options.follow, mark = options.mark,
    strict = options.strict, limit = batch, sort = batch == nil,
  }
  local walks = {}
  if kinds.absolute then
    plan.absolute = true
    walks[1] = core.walk("/", plan)
  end
  if kinds.relative then
    local start, message, code = start_of(options)
    if not start then return nil, message, code end
    plan.absolute, plan.hidden = false, options.absolute and 0 or #start
    walks[#walks + 1] = core.walk(start, plan)
  end
  return walks
end

--- fs.glob(pattern, [options]) -> sorted list | nil, message, code
function M.glob(patterns, options)
  local walks, message, code = walks_of("glob", patterns, options)
  if not walks then return nil, message, code end
  local all
  for _, walk in ipairs(walks) do
    local paths, why, errno = walk:next()
    if not paths and why then return nil, why, errno end
    if all and paths then
      table.move(paths, 1, #paths, #all + 1, all)
      table.sort(all)
    end
    all = all or paths
  end
  return all or {}
end

local BATCH <const> = 512

--- fs.iglob(pattern, [options]) -> iterator; raises what goes wrong
function M.iglob(patterns, options)
  local walks, problem = walks_of("iglob", patterns, options, BATCH)
  if not walks then check.misuse("%s", problem) end
  local paths, at = {}, 0
  return function()
    while not paths[at + 1] do
      if not walks[1] then return nil end
      local message
      paths, message = walks[1]:next()
      at = 0
      if not paths then
        if message then check.misuse("%s", message) end
        paths = {}
        table.remove(walks, 1):close()
      end
    end
    at = at + 1
    return paths[at]
  end
end

--- fs.glob_escape(text) -> pattern
function M.glob_escape(text)
  return pattern.escape(check.path(1, "glob_escape", text))
end

return M
