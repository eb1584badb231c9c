-- fs.lua - files and directories: fs.read("notes.txt"), fs.write, fs.open, fs.walk, fs.remove_tree.
-- Each call makes only its task wait, and works where no wait is possible as well (it then blocks).

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
require "procrun.core.stream" -- the type of what core.open returns

local M = {
  stat = core.stat,
  lstat = core.lstat,
  exists = core.exists,
  is_file = core.is_file,
  is_dir = core.is_dir,
  access = core.access,
  mkdir = core.mkdir,
  mkdir_p = core.mkdir_p,
  remove = core.remove,
  rename = core.rename,
  readdir = core.readdir,
  realpath = core.realpath,
  readlink = core.readlink,
  symlink = core.symlink,
  link = core.link,
  same_file = core.same_file,
  is_link = core.is_link,
  chmod = core.chmod,
  chown = core.chown,
  lchown = core.lchown,
  utime = core.utime,
  lutime = core.lutime,
  touch = core.touch,
  truncate = core.truncate,
  sync = core.sync,
  disk_space = core.disk_space,
}

local READ_LIMIT = 1 << 30
local APPEND, ATOMIC, SYNC, NEW = 1, 2, 4, 8

-- Calls open until the FIFO at path has a reader: the kernel says ENXIO while there is none, and
-- nothing tells when one comes.
local function with_reader(path, open, ...)
  local pause = 0.001
  while true do
    local result, message, code = open(path, ...)
    if result or code ~= "ENXIO" then return result, message, code end
    local stat = core.stat(path)
    if not stat or stat.type ~= "fifo" then return nil, message, code end
    require("procrun.core.task").sleep(pause)
    pause = math.min(pause * 2, 0.05)
  end
end

-- whole files -----------------------------------------------------------------------------------

-- A FIFO, a device: to its end, in pieces, up to `limit` bytes.
local function read_stream(path, stream, limit)
  local s <close> = stream
  local pieces, size = {}, 0
  while true do
    local piece, message, code = s:read_some()
    if message then return nil, path .. ": " .. message:gsub("^read: ", ""), code end
    if not piece then return table.concat(pieces) end
    size = size + #piece
    if size > limit then return nil, path .. ": file too large", "EFBIG" end
    pieces[#pieces + 1] = piece
  end
end

--- fs.read(path, [limit]) -> bytes | nil, message, code
function M.read(path, limit)
  path = check.path(1, "read", path)
  limit = limit == nil and READ_LIMIT or limit
  if math.type(limit) ~= "integer" or limit < 0 then
    check.misuse("bad argument #2 to 'read' (number of bytes expected)")
  end
  local data, message, code = core.read_file(path, limit)
  if type(data) == "userdata" then return read_stream(path, data, limit) end
  if data then return data end
  return nil, message, code
end

local function write(name, path, data, how, mode)
  if type(data) == "function" or type(data) == "table" then
    local sync = how & SYNC ~= 0
    return require "procrun.fs.write_from"(name, path, data, how, mode, sync, with_reader)
  end
  local result, message, code = with_reader(path, core.write_file, data, how, mode)
  if type(result) ~= "userdata" then
    if result then return true end
    return nil, message, code
  end
  local s <close> = result -- no regular file
  result, message, code = s:write(data)
  if result then return true end
  return nil, path .. ": " .. message:gsub("^write: ", ""), code
end

local function check_data(name, data)
  local kind = type(data)
  if kind == "string" or kind == "number" or kind == "function" then return data end
  if kind == "table" and require("procrun.stream").is_stream(data) then return data end
  check.misuse("bad argument #2 to '%s' (string, stream or function expected, got %s)", name, kind)
end

local WRITE_OPTIONS = {
  mode = "integer or string", append = "boolean", atomic = "boolean", sync = "boolean",
  overwrite = "boolean",
}

--- fs.write(path, data, [options]) -> true | nil, message, code
function M.write(path, data, options)
  path = check.path(1, "write", path)
  check_data("write", data)
  options = check.options(3, "write", options, WRITE_OPTIONS)
  local mode = check.mode(3, "write", options.mode, "option 'mode': ")
  local how = (options.append and APPEND or 0) + (options.atomic ~= false and ATOMIC or 0)
    + (options.sync and SYNC or 0) + (options.overwrite == false and NEW or 0)
  return write("write", path, data, how, mode)
end

--- fs.append(path, data) -> true | nil, message, code
function M.append(path, data)
  path = check.path(1, "append", path)
  return write("append", path, check_data("append", data), APPEND)
end

-- streams ---------------------------------------------------------------------------------------

-- "r", "w" or "a", then "+", "b" and (not for "r") "x", each at most once.
local function is_mode(mode)
  local first, rest = tostring(mode):match("^([rwa])([+bx]*)$")
  return first and not rest:find("(.).*%1") and not (first == "r" and rest:find("x"))
end

local OPEN_OPTIONS = { mode = "integer or string" }

--- fs.open(path, [mode], [options]) -> stream | nil, message, code
function M.open(path, mode, options)
  path = check.path(1, "open", path)
  if mode ~= nil and not is_mode(mode) then
    check.misuse("bad argument #2 to 'open' (invalid mode)")
  end
  local bits
  if options ~= nil then
    bits = check.options(3, "open", options, OPEN_OPTIONS).mode
    bits = check.mode(3, "open", bits, "option 'mode': ")
  end
  local stream, regular, code = with_reader(path, core.open, mode, bits)
  if not stream then return nil, regular, code end
  return require(regular and "procrun.fs.file" or "procrun.stream").wrap(stream)
end

--- fs.lines(path, [format]) -> iterator; raises what goes wrong
function M.lines(path, format)
  path = check.path(1, "lines", path)
  local count = math.type(format) == "integer" and format > 0
  if not (format == nil or count or format == "l" or format == "L" or format == "n") then
    check.misuse("bad argument #2 to 'lines' (invalid format)")
  end
  local stream, message = core.open(path, "r")
  if not stream then check.misuse("%s", message) end
  local function next_line()
    local line, failure = stream:read(format)
    if failure then check.misuse("%s: %s", path, (failure:gsub("^read: ", ""))) end
    if line == nil then stream:close() end
    return line
  end
  return next_line, nil, nil, stream
end

--- fs.pipe() -> reader, writer | nil, message, code
function M.pipe()
  local reader, writer, code = require("procrun.core.pipe").pair()
  if not reader then return nil, writer, code end
  local wrap = require("procrun.stream").wrap
  return wrap(reader), wrap(writer)
end

-- directories -------------------------------------------------------------------------------------

--- fs.remove_tree(path) -> true | nil, message, code
function M.remove_tree(path)
  path = check.path(1, "remove_tree", path)
  local last = path:match("([^/]*)/*$")
  if path == "" or last == "." or last == ".." then
    check.misuse("bad argument #1 to 'remove_tree' (will not remove '%s': %s)", path,
      "name the directory itself")
  end
  local removed, message, code = core.remove_tree(path)
  if removed == false then
    check.misuse("bad argument #1 to 'remove_tree' (will not remove '%s': %s)", path,
      "the root or the home directory is in it")
  end
  if removed then return true end
  return nil, message, code
end

--- fs.cwd() -> path | nil, message, code
function M.cwd()
  local path, message, code = core.cwd()
  if path then return path end
  return nil, "cwd: " .. message, code
end

-- the rest is loaded when it is first used --------------------------------------------------------

-- Functions, and the file below this folder that has them.
local LAZY <const> = {
  temp_dir = "temp", temp_file = "temp",
  walk = "walk",
  copy = "copy", copy_tree = "copy", move = "copy",
  chmod_tree = "tree", chown_tree = "tree", tree_size = "tree",
  watch = "watch",
  glob = "glob", iglob = "glob", glob_escape = "glob",
}

for name, file in pairs(LAZY) do
  M[name] = function(...)
    M[name] = require("procrun.fs." .. file)[name]
    return M[name](...)
  end
end

-- The objects, for scripts/check-docs.lua: the file that has their methods.
local TYPES <const> = { temp = "temp", file = "file", watcher = "watch" }

local function next_type(_, name)
  local following = next(TYPES, name)
  return following, following and M._types[following]
end

M._types = setmetatable({}, {
  __index = function(_, name)
    return TYPES[name] and require("procrun.fs." .. TYPES[name])._types[name]
  end,
  __pairs = function() return next_type end,
})

setmetatable(M, { __index = function(_, key)
  return require "procrun.fs.names".check(key, M)
end })

return M
