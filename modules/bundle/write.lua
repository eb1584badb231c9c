-- write.lua - write(options, tree) -> path, size | nil, message: an executable with a tree behind
-- it. bundle.h says how it is laid out. The same tree and the same procrun give the same bytes.

local core = require "procrun.core.bundle"
local exec_path = require "procrun.core.self".exec_path
local fs = require "procrun.fs"

local PIECE <const> = 1 << 20
local SLOT <const> = "<I8I8I8I8I8i8" -- start, size, index, count, main, sum
local RECORD <const> = "<I8I8i8I4I2I2"
local EXECUTABLE <const> = 1

-- Where in an executable the slot's numbers stand, and where the executable proper ends.
local function find_slot(program)
  local _, stop = program:find(core.magic(), 1, true)
  if not stop or stop + string.packsize(SLOT) > #program then return nil end
  local start, size = SLOT:unpack(program, stop + 1)
  return stop, size > 0 and start or #program
end

-- The program that the files are put behind, without the files of a bundle.
local function read_program(o)
  local path = o.exec or exec_path()
  local program, message = fs.read(path)
  if not program then return nil, message end
  local slot, size = find_slot(program)
  if not slot then return nil, path .. " is no procrun that can be bundled" end
  return program:sub(1, size), path
end

-- Of a failure what is not the name of a file, which is one that nobody knows.
local function reason(message)
  return (message:match(": (.*)$") or message):lower()
end

local function strip(program, folder)
  local file <close>, failure = fs.temp_file {dir = folder}
  local ok
  if file then ok, failure = fs.write(file.path, program, {atomic = false}) end
  if not ok then return nil, folder .. ": " .. reason(failure) end
  local result = require "procrun.proc".run("strip", {file.path})
  if result.errno == "ENOENT" then
    return nil, "--strip: there is no program 'strip' here; install binutils, or go without"
  end
  if not result.ok then return nil, "--strip: " .. result:to_error().message end
  local stripped, why = fs.read(file.path)
  if not stripped then return nil, why end
  if not find_slot(stripped) then return nil, "--strip: strip has removed too much; go without" end
  return stripped
end

-- Is a file of the folder ignored, itself or with a folder above it?
local function is_ignored(name, patterns)
  local ignored = require "procrun.fs.glob_pattern".compile_ignored(patterns, {})
  for stop in name:gmatch("()/") do
    if ignored:match(name:sub(1, stop)) then return true end
  end
  return ignored:match(name)
end

-- Where the output goes; links are written through.
local function output_path(o, tree)
  local path = o.output
  if not path then
    path = o.input:gsub("/+$", ""):match("[^/]*$"):gsub("%.lua$", "")
    if path == "" or path == "." or path == ".." or fs.is_dir(path) then
      return nil, "which file is to be written? Say it with -o FILE"
    end
  end
  local stat = fs.stat(path)
  if stat and stat.type ~= "file" then
    return nil, ("%s is no file (%s); name one with -o"):format(path, stat.type)
  end
  local folder, message = fs.realpath(path:match("^(.*)/[^/]*$") or ".")
  if path:find("^/[^/]*$") then folder = "" end
  if not folder then return nil, message end
  local real = stat and fs.realpath(path) or folder .. "/" .. path:match("[^/]*$")
  if real == tree.root then return nil, path .. " is what is bundled; name another file with -o" end
  if real:sub(1, #tree.root + 1) == tree.root .. "/" then
    local name = real:sub(#tree.root + 2)
    if not is_ignored(name, tree.ignore) then
      return nil, ("%s lies in what is bundled: the next bundle would hold this one; name another "
        .. "place with -o, or --exclude %s"):format(path, name)
    end
  end
  return path, real
end

-- Raises what has gone wrong with a file, for write().
local function check(name, value, message)
  if value then return value end
  error({name .. ": " .. reason(message)}, 0)
end

-- Where the output is written, and under which name it is spoken of.
local function open_output(path, name)
  local out = check(name, io.open(path, "wb"))
  return {
    put = function(bytes) check(name, out:write(bytes)) end,
    seek = function(position) check(name, out:seek("set", position)) end,
    finish = function() check(name, out:close()) end,
  }, out
end

-- Copies a file; its size, which may have changed since it was looked at, and its sum.
local function copy(out, path)
  local file <close> = check(path, io.open(path, "rb"))
  local size, sum = 0, 0
  while true do
    local piece, message = file:read(PIECE)
    if message then check(path, nil, message) end
    if not piece then return size, sum end
    out.put(piece)
    size, sum = size + #piece, core.sum(sum, piece)
  end
end

local function write_files(out, files)
  local offset, names, records = 0, {}, {}
  local name_at = #files * string.packsize(RECORD)
  for i, file in ipairs(files) do
    local size, sum = copy(out, file.path)
    records[i] = RECORD:pack(offset, size, sum, name_at, #file.name,
      file.executable and EXECUTABLE or 0)
    names[i] = file.name
    offset, name_at = offset + size, name_at + #file.name
  end
  return offset, table.concat(records) .. table.concat(names)
end

local function number_of(tree)
  for i, file in ipairs(tree.files) do
    if file.name == tree.main then return i - 1 end
  end
end

local function write_all(path, name, program, tree)
  local out, file = open_output(path, name)
  local _ <close> = file
  out.put(program)
  local size, index = write_files(out, tree.files)
  out.put(index)
  out.seek((find_slot(program)))
  out.put(SLOT:pack(#program, size + #index, size, #tree.files, number_of(tree),
    core.sum(0, index)))
  out.finish()
  return #program + size + #index
end

return function(o, tree)
  local program, exec = read_program(o)
  if not program then return nil, exec end
  local path, real = output_path(o, tree)
  if not path then return nil, real end
  if fs.realpath(exec) == real then
    return nil, path .. " is the procrun that is to be copied; name another place with -o"
  end
  local folder, name = real:match("^(.*/)([^/]*)$")
  local temporary <close>, failure = fs.temp_file {dir = folder, prefix = name:sub(1, 200) .. "."}
  if not temporary then return nil, path .. ": " .. reason(failure) end
  if o.strip then
    local stripped, message = strip(program, folder)
    if not stripped then return nil, message end
    program = stripped
  end
  local ok, size = pcall(write_all, temporary.path, path, program, tree)
  if not ok then
    if type(size) == "table" then return nil, size[1] end
    error(size, 0)
  end
  local done, message = fs.chmod(temporary.path, 493) -- 755, whatever the umask
  if done then done, message = fs.rename(temporary.path, real) end
  if not done then return nil, path .. ": " .. reason(message) end
  temporary:keep()
  return path, size
end
