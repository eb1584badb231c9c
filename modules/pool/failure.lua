-- failure.lua - what went wrong in a worker, as the one error object: there described, here made.

local new_error = require "procrun.events.error".new

local M = {}

local function is_plain(value)
  local kind = type(value)
  return kind == "string" and utf8.len(value) ~= nil or kind == "boolean"
    or kind == "number" and value == value and math.abs(value) ~= math.huge
end

-- JSON takes UTF-8 only.
local function clean(text)
  if utf8.len(text) then return text end
  return (text:gsub("[\x80-\xff]", function(c) return ("\\x%02x"):format(c:byte()) end))
end

--- describe(err, level) -> a table that JSON can say; in a message handler
function M.describe(err, level)
  local fields = {}
  if type(err) == "table" then
    for key, value in pairs(err) do
      if type(key) == "string" and is_plain(value) then fields[key] = value end
    end
  end
  local known, text = pcall(tostring, err)
  local meta = getmetatable(err)
  local silent = type(err) == "table" and not (type(meta) == "table" and meta.__tostring)
  if silent then text = fields.message or "the error is a table" end
  if not fields.message or not silent then
    fields.message = clean(known and tostring(text) or "the error has no text")
  end
  fields.traceback = fields.traceback or clean(debug.traceback(nil, (level or 1) + 1))
  return fields
end

--- of_job(described, worker) -> error
function M.of_job(described, worker)
  described.worker, described.host = worker.pid, worker.place.host
  return new_error(described)
end

--- new(fields) -> error
M.new = new_error

return M
