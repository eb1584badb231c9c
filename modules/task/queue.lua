-- queue.lua - values handed from task to task, in order; a full queue makes put wait.
-- local q = task.queue(10); q:put(v); for v in q do … end

local core = require "procrun.core.task"

local getmetatable <const> = debug.getmetatable -- half the price of the global one

local Queue = {}
Queue.__index = Queue

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: queue:%s(...)", name)
end

local function put_one(self, value)
  if self._closed then return true, nil, "the queue is closed", "EPIPE" end
  if self._last - self._first + 1 >= self._max then return false end
  self._last = self._last + 1
  self._items[self._last] = value
  self._getters:wake()
  return true, true
end

local function get_one(self)
  if self._first > self._last then
    if self._closed then return true, nil, "the queue is closed", "EPIPE" end
    return false
  end
  local value = self._items[self._first]
  self._items[self._first] = nil
  self._first = self._first + 1
  self._putters:wake()
  return true, value
end

--- put(value, [timeout]) -> true | nil, "timeout", "ETIMEDOUT" | nil, message, "EPIPE" once closed
function Queue:put(value, timeout)
  if getmetatable(self) ~= Queue then no_colon("put") end
  if value == nil then error("bad argument #1 to 'put' (a queue cannot hold nil)", 2) end
  return self._putters:wait(timeout, "room in a queue", put_one, self, value)
end

--- get([timeout]) -> value | nil, "timeout", "ETIMEDOUT" | nil, message, "EPIPE": closed and empty
function Queue:get(timeout)
  if getmetatable(self) ~= Queue then no_colon("get") end
  return self._getters:wait(timeout, "a value from a queue", get_one, self)
end

--- close(): no more values are put; what is in the queue can still be got
function Queue:close()
  if getmetatable(self) ~= Queue then no_colon("close") end
  self._closed = true
  self._getters:wake_all()
  self._putters:wake_all()
end

--- size() -> number of values in the queue
function Queue:size()
  if getmetatable(self) ~= Queue then no_colon("size") end
  return self._last - self._first + 1
end

Queue.__len = Queue.size
Queue.__call = function(self) return (self:get()) end -- for v in q do … end
Queue.__close = Queue.close

local function new(max)
  if max ~= nil and (type(max) ~= "number" or max < 1) then
    error("bad argument #1 to 'queue' (positive number expected: how many values it holds)", 2)
  end
  return setmetatable({_max = max or math.huge, _items = {}, _first = 1, _last = 0,
    _getters = core.list(), _putters = core.list()}, Queue)
end

return {new = new, methods = Queue}
