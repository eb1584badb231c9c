-- tee.lua - an output that is collected for the result and copied to where this process writes.
--
-- Otherwise the core stream itself collects, in its own buffer: s:capture(limit), then gathered()
-- and take(). Here, with the same two methods, a task takes the bytes from there. More than the
-- limit is an overflow: reading stops, the child is ended (outcome.lua), what fits is kept.

local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

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

--- new(core stream, limit, fd, list): fd is where the copy goes; the list is woken at the end
function M.new(core, limit, fd, list)
  local self = setmetatable({ core = core, limit = limit, parts = {}, size = 0 }, Tee)
  task.spawn_daemon("copy of an output", copy, self, stream._standard(fd), list)
  return self
end

--- gathered() -> has everything come?, was it too much?
function Tee:gathered()
  return self.ended, self.size > self.limit
end

--- take(limit) -> the bytes
function Tee:take(limit)
  return table.concat(self.parts):sub(1, limit)
end

return M
