-- luapower_io.lua - read_stdout, read_stderr and write_stdin of a child, as luapower's popen_async
-- has them: local text, err, code = child:read_stdout("*a", proc.clock() + 5)

local misuse = require "procrun.events.misuse"
local now = require "procrun.core.self".now
local task = require "procrun.core.task"

local M = {}

local NAMES <const> = { [0] = "input", "output", "error" }
local FORMATS <const> = { ["*a"] = "a", ["*l"] = "l", ["*L"] = "L", a = "a", l = "l", L = "L" }

-- luapower's words for what can fail, by errno name; they never change.
M.WORDS = {
  ENOENT = "not_found", EACCES = "access_denied", EPERM = "access_denied", EPIPE = "broken_pipe",
  ETIMEDOUT = "timeout",
}

--- seconds_left(fname, index, expires) -> seconds until that point of proc.clock() | nil: for ever.
--- A string is a duration from now on: "1.5s".
function M.seconds_left(fname, index, expires)
  if expires == nil or expires == math.huge then return nil end
  if type(expires) == "number" and expires == expires then return math.max(0, expires - now()) end
  local fine, seconds = pcall(task.seconds, expires)
  if type(expires) == "string" and fine then return seconds end
  misuse("bad argument #%d to '%s' (time on proc.clock(), or \"1.5s\" from now on expected, got "
    .. "%s)", index, fname, type(expires) == "string" and ("%q"):format(expires) or type(expires))
end

-- nil, luapower's word or the message, code
local function failure(message, code)
  return nil, M.WORDS[code] or message, code
end

-- fn(…) within that time: its first three results, or nil, "timeout", "ETIMEDOUT"
local function within(seconds, fn, ...)
  if seconds then return task.timeout(seconds, fn, ...) end
  return fn(...)
end

local function stream_of(self, fd, name)
  local s = self.stdio[fd]
  if s then return s end
  misuse("%s: the standard %s of this child is no pipe to us (with popen_async ask for open_%s)",
    name, NAMES[fd], name:match("_(%a+)$"))
end

-- How much is asked for: a format, a number of bytes at most, or nil: what is there.
local function check_amount(name, what)
  if what == nil or FORMATS[what] then return end
  if type(what) == "string" then
    misuse("bad argument #1 to '%s' (\"*a\", \"*l\" or a size expected, got %q)", name, what)
  elseif type(what) ~= "number" then
    misuse("bad argument #1 to '%s' (\"*a\", \"*l\" or a size expected, got %s; what is read is "
      .. "returned, there are no buffers)", name, type(what))
  elseif not math.tointeger(what) or what < 1 then
    misuse("bad argument #1 to '%s' (a size of at least 1 expected, got %s)", name, what)
  end
end

--- read(child, fd, name, [what], [nil], [expires]) -> string | nil, word or message, code
function M.read(self, fd, name, what, size, expires)
  local s = stream_of(self, fd, name)
  check_amount(name, what)
  local index = 3
  if expires == nil then index, expires, size = 2, size, nil end
  if size ~= nil then
    misuse("bad argument #2 to '%s' (nil expected before a time, got %s)", name, type(size))
  end
  local seconds = M.seconds_left(name, index, expires)
  if s._core:closed() then return failure(nil, "EPIPE") end
  local format = FORMATS[what]
  local read = format and s.read or s.read_some
  local bytes, message, code = within(seconds, read, s, format or math.tointeger(what))
  if bytes then return bytes end
  return failure(message, code or "EPIPE")
end

-- A whole number is a length, as in luapower; any other one is a point in time.
local function check_length(name, data, length)
  if length < 0 or length > #data then
    misuse("bad argument #2 to '%s' (length from 0 to %d expected, got %d; a time on proc.clock() "
      .. "is a float, or comes third)", name, #data, length)
  end
  return data:sub(1, length)
end

--- write(child, name, [data], [length], [expires]) -> true | nil, word or message, code. No data:
--- closes the child's standard input.
function M.write(self, name, data, length, expires)
  local s = stream_of(self, 0, name)
  local index = 3
  if expires == nil and math.type(length) ~= "integer" then
    index, expires, length = 2, length, nil
  end
  local seconds = M.seconds_left(name, index, expires)
  if math.type(data) then data = tostring(data) end
  if data ~= nil and type(data) ~= "string" then
    misuse("bad argument #1 to '%s' (string expected, got %s)", name, type(data))
  end
  if length ~= nil and math.type(length) ~= "integer" then
    misuse("bad argument #2 to '%s' (length expected, got %s)", name, type(length))
  end
  if data and length then data = check_length(name, data, length) end
  local ok, message, code = within(seconds, data and s.write or s.finish, s, data)
  if ok then return true end
  if code ~= "ETIMEDOUT" then s._core:close() end
  return failure(message, code)
end

return M
