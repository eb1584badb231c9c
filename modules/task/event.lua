-- event.lua - something that is either set or not, and tasks waiting until it is.
-- local e = task.event(); e:wait("1s"); e:set()

local core = require "procrun.core.task"

local getmetatable <const> = debug.getmetatable -- half the price of the global one

local Event = {}
Event.__index = Event

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: event:%s(...)", name)
end

-- Set, or set and cleared again since the wait began.
local function look(self, sets)
  return self._set or self._sets ~= sets
end

--- set() -> event: every waiting task goes on, later ones do not wait
function Event:set()
  if getmetatable(self) ~= Event then no_colon("set") end
  self._set = true
  self._sets = self._sets + 1
  self._list:wake_all()
  return self
end

--- clear() -> event: from now on tasks wait again
function Event:clear()
  if getmetatable(self) ~= Event then no_colon("clear") end
  self._set = false
  return self
end

--- is_set() -> boolean
function Event:is_set()
  if getmetatable(self) ~= Event then no_colon("is_set") end
  return self._set
end

--- wait([timeout]) -> true | nil, "timeout", "ETIMEDOUT"
function Event:wait(timeout)
  if getmetatable(self) ~= Event then no_colon("wait") end
  local ok, message, code = self._list:wait(timeout, "an event", look, self, self._sets)
  if code then return ok, message, code end
  return true
end

local function new()
  return setmetatable({_set = false, _sets = 0, _list = core.list()}, Event)
end

return {new = new, methods = Event}
