-- tty.lua - terminals: if tty.is_tty() then columns, rows = tty.size() end; raw mode for keys.
-- A terminal is named by a stream, a file of io or a descriptor.

local core = require "procrun.core.tty"

local M = {}
local methods = {}
local guard_meta = { __index = methods, __name = "raw mode" }

local switched = {} -- number of a terminal -> the core guard that set_raw(true) made

-- What the C half takes for `value`; raises at the script's line for anything else.
local function target(method, index, value)
  local kind = type(value)
  if kind == "table" and type(value.fileno) == "function" then
    local fd = value:fileno()
    if fd then return fd end
    error(("bad argument #%d to '%s' (the stream is closed)"):format(index, method), 3)
  elseif io.type(value) == "closed file" then
    error(("bad argument #%d to '%s' (the file is closed)"):format(index, method), 3)
  elseif math.type(value) == "integer" and value >= 0 and value < 1 << 31 or kind == "userdata" then
    return value
  end
  local text = "bad argument #%d to '%s' (stream or descriptor expected, got %s)"
  error(text:format(index, method, math.type(value) == "integer" and value or kind), 3)
end

--- tty.is_tty([stream]) -> boolean
function M.is_tty(stream)
  if stream == nil then stream = 1 end
  return core.is_tty(target("is_tty", 1, stream))
end

--- tty.has_colour([stream]) -> boolean
function M.has_colour(stream)
  if stream == nil then stream = 1 end
  return require "procrun.tty.colour" (target("has_colour", 1, stream))
end

--- tty.size([stream]) -> columns, rows | nil, message, code
function M.size(stream)
  if stream ~= nil then return core.size(target("size", 1, stream)) end
  for _, fd in ipairs { 1, 2, 0 } do
    if core.is_tty(fd) then return core.size(fd) end
  end
  return core.size(1)
end

--- tty.raw([stream]) -> guard | nil, message, code
function M.raw(stream)
  if stream == nil then stream = 0 end
  local guard, message, code = core.raw(target("raw", 1, stream))
  if not guard then return nil, message, code end
  return setmetatable({ core = guard }, guard_meta)
end

--- guard:close()
function methods:close()
  if getmetatable(self) ~= guard_meta then
    error("bad call to 'close' (call it with a colon: guard:close())", 2)
  end
  self.core:close()
end

guard_meta.__close = methods.close

--- tty.set_raw(on, [stream]) -> true | nil, message, code
function M.set_raw(on, stream)
  if type(on) ~= "boolean" then
    error(("bad argument #1 to 'set_raw' (boolean expected, got %s)"):format(type(on)), 2)
  end
  if stream == nil then stream = 0 end
  local fd = target("set_raw", 2, stream)
  local device, message, code = core.device(fd)
  if not device then return nil, message, code end
  local guard = switched[device]
  if on and not guard then
    guard, message, code = core.raw(fd)
    if not guard then return nil, message, code end
    switched[device] = guard
  elseif guard and not on then
    switched[device] = nil
    guard:close()
  end
  return true
end

-- Numbers pass, as they do in the string library.
local function check_text(method, text)
  if type(text) == "string" or type(text) == "number" then return end
  error(("bad argument #1 to '%s' (string expected, got %s)"):format(method, type(text)), 3)
end

--- tty.width(text) -> columns
function M.width(text)
  check_text("width", text)
  return core.width(text)
end

--- tty.strip(text) -> string
function M.strip(text)
  check_text("strip", text)
  return core.strip(text)
end

--- tty.cut(text, columns) -> string, columns
function M.cut(text, columns)
  check_text("cut", text)
  if not math.tointeger(columns) then
    error(("bad argument #2 to 'cut' (count of columns expected, got %s)"):format(
      tostring(columns)), 2)
  end
  return core.cut(text, columns)
end

M._types = { guard = methods }

return M
