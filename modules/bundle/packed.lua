-- packed.lua - the files of the bundle that is running, for bundle.lua. Names are normal.

local bundle = require "procrun.core.vm".bundle
local files = bundle.files

local M = {}

function M.prefix() return bundle.prefix end

-- The first file in a folder, if there is one.
local function first_in(name)
  local prefix = name == "" and "" or name .. "/"
  local number = files:first(prefix)
  local entry = files:entry(number)
  if entry and entry:sub(1, #prefix) == prefix then return number, prefix end
end

-- As the kernel says it of what is not there.
local function fail(name, what)
  for stop in name:gmatch("()/") do
    if files:find(name:sub(1, stop - 1)) then return nil, name .. ": not a directory", "ENOTDIR" end
  end
  return nil, ("%s: no such %s in this bundle"):format(name, what), "ENOENT"
end

local function find(name)
  local number = files:find(name)
  if number then return number end
  if first_in(name) then
    return nil, (name == "" and "." or name) .. ": is a directory", "EISDIR"
  end
  return fail(name, "file")
end

function M.read(name)
  local number, message, code = find(name)
  if not number then return nil, message, code end
  return files:read(number)
end

function M.lines(name, format)
  local number, message = find(name)
  local whole
  if number then whole, message = files:check(number) end
  if not whole then return nil, message end
  local position, line = 0, nil
  return function()
    line, position = files:line(number, position, format == "L")
    return line
  end
end

function M.stat(name)
  local number, message, code = find(name)
  if code == "EISDIR" then return {type = "directory", size = 0, executable = false} end
  if not number then return nil, message, code end
  local _, size, executable = files:entry(number)
  return {type = "file", size = size, executable = executable}
end

function M.list(name)
  local number, prefix = first_in(name)
  if not number then
    if files:find(name) then return nil, name .. ": not a directory", "ENOTDIR" end
    return fail(name, "folder")
  end
  local names, types = {}, {}
  while true do
    local entry = files:entry(number)
    if not entry or entry:sub(1, #prefix) ~= prefix then break end
    local one = entry:match("^[^/]+", #prefix + 1)
    names[#names + 1] = one
    local is_folder = #prefix + #one < #entry
    types[one] = is_folder and "directory" or "file"
    -- "0" comes behind "/": the first name that is not in that folder
    number = is_folder and files:first(prefix .. one .. "0") or number + 1
  end
  table.sort(names)
  return names, types
end

function M.load(name, ...)
  local number, message, code = find(name)
  if not number then return nil, message, code end
  local chunk
  chunk, message, code = files:load(number, "@" .. name)
  if chunk and select("#", ...) > 0 then debug.setupvalue(chunk, 1, (...)) end
  return chunk, message, code
end

return M
