-- folder.lua - the files beside a script that is not bundled, for bundle.lua. Names are normal.

local fs = require "procrun.fs"

local M = {}

local prefix

-- A worker's script may lie deeper than main.lua, whose folder it is that would be bundled.
local function find_root()
  local dir = require "procrun.process".script_dir
  if not dir then return (assert(fs.cwd())) end
  local at = dir
  while at ~= "" do
    if fs.is_file(at .. "/main.lua") then return at end
    at = at:match("^(.*)/[^/]*$")
  end
  return dir
end

--- prefix() -> the folder with a slash
function M.prefix()
  prefix = prefix or find_root():gsub("/*$", "/")
  return prefix
end

local function path_of(name) return M.prefix() .. name end

function M.read(name) return fs.read(path_of(name)) end

function M.lines(name, format)
  local path = path_of(name)
  local stream, message = fs.open(path)
  if not stream then return nil, message end
  stream.max_line = math.maxinteger -- as in a bundle, where a file is at hand as a whole
  local function next_line()
    local line, failure = stream:read(format)
    if failure then error(("%s: %s"):format(path, (failure:gsub("^read: ", ""))), 2) end
    if not line then stream:close() end
    return line
  end
  return next_line, stream
end

function M.stat(name)
  local stat, message, code = fs.stat(path_of(name))
  if not stat then return nil, message, code end
  local is_file = stat.type ~= "directory"
  return {type = stat.type, size = is_file and stat.size or 0,
    executable = is_file and stat.mode & 73 ~= 0}
end

-- Without what `procrun bundle` leaves out of itself; links are followed, as there.
function M.list(name)
  local path = path_of(name)
  local found, their_types, code = fs.readdir(path)
  if not found then return nil, their_types, code end
  local names, types = {}, {}
  for _, one in ipairs(found) do
    if one:sub(1, 1) ~= "." then
      local stat = their_types[one] == "link" and fs.stat(path .. "/" .. one)
      names[#names + 1], types[one] = one, stat and stat.type or their_types[one]
    end
  end
  return names, types
end

function M.load(name, ...)
  local path = path_of(name)
  local readable, message, code = fs.access(path, "r")
  if not readable then return nil, message, code end
  if select("#", ...) > 0 then return loadfile(path, "t", (...)) end
  return loadfile(path, "t")
end

return M
