-- file.lua - streams on regular files: they can seek, and read and write at any place.
-- local f <close> = fs.open("data", "r+"); f:seek("end"); f:read_at(16, 0)

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local make_index = require "procrun.events.index"
local stream = require "procrun.stream"

local Stream = stream._base
local methods = {}
local M = { _types = { file = methods } }

local File = {
  __name = "procrun.file",
  __close = Stream.__close,
  __newindex = Stream.__newindex,
  __tostring = Stream.__tostring,
  __index = make_index(methods, {}, Stream.__index),
}
stream._kinds[File] = true

local function core_of(self, name)
  if getmetatable(self) ~= File then check.misuse("call it with a colon: file:%s(...)", name) end
  if self._core:closed() then check.misuse("%s: the file is closed", name) end
  return self._core
end

local function check_count(index, name, value, what)
  if math.type(value) == "integer" and value >= 0 then return end
  check.misuse("bad argument #%d to '%s' (%s expected, got %s)", index, name, what, tostring(value))
end

local WHENCE <const> = { set = true, cur = true, ["end"] = true }

--- seek([whence, [offset]]) -> position | nil, message, code; as of Lua's files
function methods:seek(whence, offset)
  local c = core_of(self, "seek")
  if whence ~= nil and not WHENCE[whence] then
    check.misuse("bad argument #1 to 'seek' (invalid option '%s')", tostring(whence))
  elseif offset ~= nil and not math.tointeger(offset) then
    check.misuse("bad argument #2 to 'seek' (integer expected, got %s)", tostring(offset))
  elseif self._flowing then
    check.misuse("seek: %s takes what comes; use one or the other", self._flowing)
  end
  return core.seek(c, whence, math.tointeger(offset))
end

-- For a child that reads on: what was read ahead is not lost.
function methods:_unread()
  return core.seek(self._core, "unread")
end

--- read_at(count, offset) -> bytes | nil at the end | nil, message, code
function methods:read_at(count, offset)
  local c = core_of(self, "read_at")
  check_count(1, "read_at", count, "a count of bytes")
  check_count(2, "read_at", offset, "an offset")
  return core.read_at("read_at", c, count, offset)
end

--- write_at(bytes, offset) -> file | nil, message, code
function methods:write_at(bytes, offset)
  local c = core_of(self, "write_at")
  if type(bytes) ~= "string" and type(bytes) ~= "number" then
    check.misuse("bad argument #1 to 'write_at' (string expected, got %s)", type(bytes))
  end
  check_count(2, "write_at", offset, "an offset")
  local ok, message, code = core.write_at("write_at", c, bytes, offset)
  if ok then return self end
  return nil, message, code
end

--- truncate([size]) -> true | nil, message, code
function methods:truncate(size)
  local c = core_of(self, "truncate")
  check_count(1, "truncate", size or 0, "a size")
  local at, message, code = core.seek(c, "unread")
  if not at then return nil, message, code end
  return core.truncate_file("truncate", c, size or 0)
end

--- sync(["data"]) -> true | nil, message, code
function methods:sync(what)
  local c = core_of(self, "sync")
  if what ~= nil and what ~= "data" then
    check.misuse("bad argument #1 to 'sync' (\"data\" expected, got %s)", tostring(what))
  end
  return core.sync_file("sync", c, what == "data")
end

--- stat() -> table | nil, message, code
function methods:stat()
  return core.stat_file("stat", core_of(self, "stat"))
end

--- wrap(core stream) -> file
function M.wrap(core_stream)
  return setmetatable({ _core = core_stream }, File)
end

return M
