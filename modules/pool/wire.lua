-- wire.lua - the messages between a pool and its workers: values with an id, and failures.
-- A plain one is [id, value, …]. Where a value is nil or a handle of net it is an object:
-- {id =, n =, values = […], holes = [index, …], handle = index}.

local json_null = require "procrun.core.json".null

local M = {}

M.PROTOCOL = 1

-- Only who has loaded `net` can have a handle of its.
local function is_handle(value)
  local kind = type(value)
  if kind ~= "userdata" and (kind ~= "table" or getmetatable(value) == nil) then return false end
  local net = package.loaded["procrun.net"]
  return net and net._kind(value) ~= nil
end

local function pack_odd(id, values, n)
  local message, handle = { id = id, n = n, values = values }, nil
  for i = 1, n do
    local value = values[i]
    if value == nil then
      message.holes = message.holes or {}
      table.insert(message.holes, i)
      values[i] = json_null
    elseif is_handle(value) then
      if handle then return nil, "two handles of net are given: one can go with a message" end
      handle, message.handle, values[i] = value, i, json_null
    end
  end
  return message, handle
end

--- plain(id, ...) -> message | nil: there is a nil or a handle among the values
function M.plain(id, ...)
  local message = { id, ... }
  for i = 2, select("#", ...) + 1 do
    local value = message[i]
    local kind = type(value)
    if kind == "nil" then return nil end
    if (kind == "table" or kind == "userdata") and is_handle(value) then return nil end
  end
  return message
end

--- pack(id, ...) -> message, handle | nil, what is wrong
function M.pack(id, ...)
  local message = M.plain(id, ...)
  if message then return message end
  return pack_odd(id, { ... }, select("#", ...))
end

--- values(message, handle) -> id, list of values, the first index, the last
function M.values(message, handle)
  local id = message[1]
  if id then return id, message, 2, #message end
  local values = message.values
  for _, i in ipairs(message.holes or {}) do values[i] = nil end
  if message.handle then values[message.handle] = handle end
  return message.id, values, 1, message.n
end

--- to_text(bytes) -> text, true when it had to be changed: JSON has no bytes but UTF-8
function M.to_text(bytes)
  if utf8.len(bytes) then return bytes end
  return bytes:gsub("[\x80-\xff]", function(c) return utf8.char(c:byte()) end), true
end

--- to_bytes(text, was changed) -> bytes
function M.to_bytes(text, changed)
  if not changed then return text end
  return (text:gsub(utf8.charpattern, function(c)
    return #c > 1 and string.char(utf8.codepoint(c)) or nil
  end))
end

return M
