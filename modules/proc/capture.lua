-- capture.lua - an output that is collected for the result: capture.new(core stream, limit).
--
-- The plain kind leaves the bytes in the stream's own buffer. With a tee a task takes them from
-- there and writes them where this process writes. More than `limit` bytes is an overflow: reading
-- stops, the child is ended (outcome.lua), and the first `limit` bytes are kept.

local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

local Plain = {}
Plain.__index = Plain

function M.new(core, limit)
  core:capture(limit + 1)
  return setmetatable({ core = core, limit = limit }, Plain)
end

--- done() -> has everything come?
function Plain:done()
  local _, at_end = self.core:state()
  return at_end
end

function Plain:overflow()
  local _, _, overflow = self.core:state()
  return overflow
end

--- take() -> the bytes; closes the stream
function Plain:take()
  local text = self.core:take()
  self.core:close()
  return #text > self.limit and text:sub(1, self.limit) or text
end

local Tee = {}
Tee.__index = Tee

-- A destination that fails is left alone: the result still gets everything.
local function copy(self, destination, list)
  self.core:flow(true)
  while true do
    local chunk = self.core:read_some()
    if not chunk then break end
    self.size = self.size + #chunk
    self.parts[#self.parts + 1] = chunk
    if destination and not destination:write(chunk) then destination = nil end
    if self.size > self.limit then break end
  end
  self.ended = true
  list:wake_all()
end

--- tee(core stream, limit, fd, list): fd is where the copy goes; the list is woken at the end
function M.tee(core, limit, fd, list)
  local self = setmetatable({ core = core, limit = limit, parts = {}, size = 0 }, Tee)
  task.spawn_daemon("copy of an output", copy, self, stream._standard(fd), list)
  return self
end

function Tee:done()
  return self.ended
end

function Tee:overflow()
  return self.size > self.limit
end

function Tee:take()
  self.core:close()
  return table.concat(self.parts):sub(1, self.limit)
end

return M
