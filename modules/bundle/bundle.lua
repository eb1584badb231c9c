-- bundle.lua - files that belong to a program: those beside its script, or in the executable that
-- `procrun bundle` made of them. local text = require "bundle".read("data/words.txt")

local normal = require "procrun.bundle.name"
local vm = require "procrun.core.vm"

local files = vm.bundle and require "procrun.bundle.packed" or require "procrun.bundle.folder"

local M = {is_bundle = vm.bundle ~= nil}

-- The name as the files have it; "" is the folder itself.
local function check_name(fname, name, index)
  if type(name) ~= "string" or name:find("\0", 1, true) then
    error(("bad argument #%d to '%s' (name of a file expected, got %s)"):format(index or 1, fname,
      type(name) == "string" and "one with a NUL byte" or type(name)), 3)
  end
  if name:sub(1, 1) == "/" then
    local prefix = files.prefix()
    if name .. "/" == prefix then return "" end
    if name:sub(1, #prefix) ~= prefix then
      return nil, name .. ": not in the program's folder", "EINVAL"
    end
    name = name:sub(#prefix + 1)
  end
  local plain = normal(name)
  if plain then return plain end
  return nil, name .. ": leads out of the program's folder", "EINVAL"
end

-- fn, called with the checked name in place of the name.
local function named(fname, fn)
  return function(name, ...)
    local plain, message, code = check_name(fname, name)
    if not plain then return nil, message, code end
    return fn(plain, ...)
  end
end

--- read(name) -> bytes | nil, message, code
M.read = named("read", files.read)

--- lines(name, [format]) -> iterator; raises what goes wrong
function M.lines(name, format)
  local plain, message = check_name("lines", name)
  if format ~= nil and format ~= "l" and format ~= "L" then
    error("bad argument #2 to 'lines' (invalid format: 'l' or 'L')", 2)
  end
  local next_line, stream
  if plain then
    next_line, stream = files.lines(plain, format)
    message = stream
  end
  if not next_line then error(message, 2) end
  return next_line, nil, nil, stream
end

--- stat(name) -> {type, size, executable} | nil, message, code
M.stat = named("stat", files.stat)

--- exists(name) -> boolean
function M.exists(name)
  local plain = check_name("exists", name)
  return plain ~= nil and files.stat(plain) ~= nil
end

local list = named("list", files.list)

--- list([folder]) -> names, types | nil, message, code
function M.list(folder)
  return list(folder == nil and "." or folder)
end

--- path(name) -> absolute path, for proc.fork and its kin | nil, message, code
M.path = named("path", function(plain)
  local path = (files.prefix() .. plain):gsub("(.)/$", "%1")
  return path
end)

--- loadfile(name, [env]) -> function | nil, message, code
M.loadfile = named("loadfile", files.load)

--- extract(name, path) -> true | nil, message, code: a file, or a folder with what is in it
function M.extract(name, path)
  local plain, message, code = check_name("extract", name)
  if type(path) ~= "string" or path == "" then
    error(("bad argument #2 to 'extract' (path expected, got %s)"):format(
      path == "" and "''" or type(path)), 2)
  end
  if not plain then return nil, message, code end
  return require "procrun.bundle.extract"(files, plain, path)
end

return M
