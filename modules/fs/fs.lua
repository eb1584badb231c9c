-- fs.lua - files and directories: fs.read("notes.txt"), fs.write, fs.open, fs.walk, fs.remove_tree.
-- Each call makes only its task wait, and works where no wait is possible as well (it then blocks).

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
  remove = core.remove,
  rename = core.rename,
  copy = core.copyfile,
  readdir = core.readdir,
  realpath = core.realpath,
  readlink = core.readlink,
  symlink = core.symlink,
  chmod = core.chmod,
}

local READ_LIMIT = 1 << 30
local APPEND, ATOMIC, SYNC = 1, 2, 4

-- Raises for the caller of the public function, which is `level` calls above.
local function fail(level, text, ...)
  error(text:format(...), level + 1)
end

local function check_path(index, name, path, level)
  if type(path) == "number" then return tostring(path) end
  if type(path) ~= "string" then
    fail(level or 3, "bad argument #%d to '%s' (path expected, got %s)", index, name, type(path))
  elseif path:find("\0", 1, true) then
    fail(level or 3, "bad argument #%d to '%s' (path contains a NUL byte)", index, name)
  end
  return path
end

local function check_options(index, name, options, known)
  if options == nil then return {} end
  if type(options) ~= "table" then
    fail(3, "bad argument #%d to '%s' (table expected, got %s)", index, name, type(options))
  end
  for key, value in pairs(options) do
    local want = known[key]
    if not want then
      fail(3, "bad argument #%d to '%s' (unknown option '%s')", index, name, key)
    elseif not want:find(math.type(value) or type(value), 1, true) then
      fail(3, "bad argument #%d to '%s' (option '%s': %s expected, got %s)", index, name, key, want,
        type(value))
    end
  end
  return options
end

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
  path = check_path(1, "read", path)
  limit = limit == nil and READ_LIMIT or limit
  if math.type(limit) ~= "integer" or limit < 0 then
    fail(2, "bad argument #2 to 'read' (number of bytes expected)")
  end
  local data, message, code = core.read_file(path, limit)
  if type(data) == "userdata" then return read_stream(path, data, limit) end
  if data then return data end
  return nil, message, code
end

local function write(path, data, how, mode)
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
  if type(data) ~= "string" and type(data) ~= "number" then
    fail(3, "bad argument #2 to '%s' (string expected, got %s)", name, type(data))
  end
  return data
end

local WRITE_OPTIONS = {
  mode = "integer or string", append = "boolean", atomic = "boolean", sync = "boolean",
}

--- fs.write(path, data, [options]) -> true | nil, message, code
function M.write(path, data, options)
  path = check_path(1, "write", path)
  check_data("write", data)
  options = check_options(3, "write", options, WRITE_OPTIONS)
  local mode = options.mode
  if type(mode) == "string" then mode = mode:find("^[0-7]+$") and tonumber(mode, 8) or -1 end
  if mode and (mode < 0 or mode > 4095) then
    fail(2, "bad argument #3 to 'write' (option 'mode': permission bits expected, like \"644\")")
  end
  local how = (options.append and APPEND or 0) + (options.atomic ~= false and ATOMIC or 0)
    + (options.sync and SYNC or 0)
  return write(path, data, how, mode)
end

--- fs.append(path, data) -> true | nil, message, code
function M.append(path, data)
  path = check_path(1, "append", path)
  return write(path, check_data("append", data), APPEND)
end

-- streams ---------------------------------------------------------------------------------------

local MODES = {}
for _, mode in ipairs { "r", "w", "a" } do
  for _, rest in ipairs { "", "+", "b", "b+", "+b" } do
    MODES[mode .. rest] = true
  end
end

--- fs.open(path, [mode]) -> stream | nil, message, code
function M.open(path, mode)
  path = check_path(1, "open", path)
  if mode ~= nil and not MODES[mode] then fail(2, "bad argument #2 to 'open' (invalid mode)") end
  local stream, message, code = with_reader(path, core.open, mode)
  if not stream then return nil, message, code end
  return require("procrun.stream").wrap(stream)
end

--- fs.lines(path, [format]) -> iterator; raises what goes wrong
function M.lines(path, format)
  path = check_path(1, "lines", path)
  local count = math.type(format) == "integer" and format > 0
  if not (format == nil or count or format == "l" or format == "L" or format == "n") then
    fail(2, "bad argument #2 to 'lines' (invalid format)")
  end
  local stream, message = core.open(path, "r")
  if not stream then fail(2, "%s", message) end
  local function next_line()
    local line, failure = stream:read(format)
    if failure then fail(2, "%s: %s", path, (failure:gsub("^read: ", ""))) end
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

-- directories -----------------------------------------------------------------------------------

-- "a/b//" -> "a"; nil for a path of one name.
local function parent_of(path)
  local parent = path:gsub("/+$", ""):match("^(.*)/[^/]*$")
  if parent == "" then return "/" end
  return parent
end

local function mkdir_p(path, mode)
  local ok, message, code = core.mkdir(path, mode)
  if code == "ENOENT" then
    local parent = parent_of(path)
    if not parent or parent == path then return nil, message, code end
    ok, message, code = mkdir_p(parent)
    if not ok then return nil, message, code end
    ok, message, code = core.mkdir(path, mode)
  end
  if ok or core.is_dir(path) then return true end
  return nil, message, code
end

--- fs.mkdir_p(path, [mode]) -> true | nil, message, code
function M.mkdir_p(path, mode)
  return mkdir_p(check_path(1, "mkdir_p", path), mode)
end

--- fs.remove_tree(path) -> true | nil, message, code
function M.remove_tree(path)
  path = check_path(1, "remove_tree", path)
  if path == "" then fail(2, "bad argument #1 to 'remove_tree' (will not remove '')") end
  local removed, message, code = core.remove_tree(path)
  if removed == false then
    fail(2, "bad argument #1 to 'remove_tree' (will not remove '%s': %s)", path,
      "the root or the home directory is in it")
  end
  return removed, message, code
end

local WALK_OPTIONS = { prune = "function", depth = "integer" }

--- fs.walk(dir, [options]) -> iterator of path, type, message, code
function M.walk(dir, options)
  dir = check_path(1, "walk", dir)
  options = check_options(2, "walk", options, WALK_OPTIONS)
  local prune, depth = options.prune, options.depth or math.maxinteger
  local names, types = core.readdir(dir)
  if not names then fail(2, "%s", types) end

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

--- fs.cwd() -> path | nil, message, code
function M.cwd()
  local path, message, code = core.cwd()
  if path then return path end
  return nil, "cwd: " .. message, code
end

-- temporary files and directories ---------------------------------------------------------------

local temp = {}
local live = {} -- those not yet removed
local temp_meta = {
  __index = temp,
  __name = "temporary file",
  __tostring = function(self) return self.path end,
}

-- What a script has not removed goes when the state is closed. Not when the object is collected:
-- the path may live longer than that.
setmetatable(live, {
  __gc = function()
    for object in pairs(live) do core.remove_tree(object.path, true) end
  end,
})

local function check_temp(self, name)
  if getmetatable(self) == temp_meta then return end
  error(("call it with a colon: temp:%s()"):format(name), 3)
end

--- temp:remove() -> true | nil, message, code
function temp:remove()
  check_temp(self, "remove")
  if not live[self] then return true end
  live[self] = nil
  local removed, message, code = core.remove_tree(self.path, true)
  if removed or code == "ENOENT" then return true end
  return nil, message, code
end

--- temp:keep() -> path
function temp:keep()
  check_temp(self, "keep")
  live[self] = nil
  return self.path
end

function temp_meta.__close(self) self:remove() end

local function make_temp(name, prefix, make)
  prefix = prefix == nil and "procrun-" or check_path(1, name, prefix, 4)
  if prefix:find("/", 1, true) then
    fail(3, "bad argument #1 to '%s' (the prefix of a name expected, got a path)", name)
  end
  local dir = os.getenv("TMPDIR")
  if not dir or dir == "" then dir = "/tmp" end
  if dir:sub(1, 1) ~= "/" then
    local cwd, message, code = M.cwd()
    if not cwd then return nil, message, code end
    dir = cwd .. "/" .. dir
  end
  local path, message, code = make(dir:gsub("/+$", "") .. "/" .. prefix .. "XXXXXX")
  if not path then return nil, message, code end
  local object = setmetatable({ path = path }, temp_meta)
  live[object] = true
  return object
end

--- fs.temp_dir([prefix]) -> temp | nil, message, code
function M.temp_dir(prefix)
  return make_temp("temp_dir", prefix, core.mkdtemp)
end

--- fs.temp_file([prefix]) -> temp | nil, message, code
function M.temp_file(prefix)
  return make_temp("temp_file", prefix, core.mkstemp)
end

M._types = { temp = temp }
return M
