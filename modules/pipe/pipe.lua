-- pipe.lua - pairs of connected streams: local reader, writer = pipe.new()

local stream = require "procrun.stream"
local core = require "procrun.core.pipe"

local M = {}

local function wrap(a, b, code)
  if not a then return nil, b, code end
  return stream.wrap(a), stream.wrap(b)
end

--- pipe.new() -> reader, writer | nil, message, code
function M.new()
  return wrap(core.pair())
end

--- pipe.pair() -> a, b | nil, message, code
function M.pair()
  return wrap(core.socketpair())
end

return M
