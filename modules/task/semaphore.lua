-- semaphore.lua - a number of permits; who finds none waits, first come first served.
-- local s = task.semaphore(4); local permit <close> = s:acquire()

local core = require "procrun.core.task"

local Semaphore = {}
Semaphore.__index = Semaphore

local Permit = {}
Permit.__index = Permit

--- permit:release(): gives the permit back; also at the end of the block of a <close> variable
function Permit:release()
  local semaphore = self._semaphore
  if not semaphore then return end
  self._semaphore = nil
  semaphore:release()
end
Permit.__close = Permit.release

local function take(self)
  if self._free == 0 then return false end
  self._free = self._free - 1
  return true, setmetatable({_semaphore = self}, Permit)
end

--- acquire([timeout]) -> permit (a <close> value) | nil, "timeout", "ETIMEDOUT"
function Semaphore:acquire(timeout)
  return self._list:wait(timeout, "a semaphore", take, self)
end

--- release(): one permit more; for permits that are not given back by themselves
function Semaphore:release()
  self._free = self._free + 1
  self._list:wake()
end

--- free() -> number of permits nobody holds
function Semaphore:free()
  return self._free
end

local function new(n)
  if math.type(n) ~= "integer" or n < 0 then
    error("bad argument #1 to 'semaphore' (number of permits expected)", 2)
  end
  return setmetatable({_free = n, _list = core.list()}, Semaphore)
end

return {new = new, methods = Semaphore, permit = Permit}
