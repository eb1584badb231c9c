-- semaphore.lua - a number of permits; who finds none waits, first come first served.
-- local s = task.semaphore(4); local permit <close> = s:acquire()

local core = require "procrun.core.task"

local getmetatable <const> = debug.getmetatable -- half the price of the global one

local Semaphore = {}
Semaphore.__index = Semaphore

local function no_colon(name, what)
  local misuse = require "procrun.events.misuse"
  misuse("call it with a colon: %s:%s(...)", what or "semaphore", name)
end

local Permit = {}
Permit.__index = Permit

--- permit:release(): gives the permit back; also at the end of the block of a <close> variable
function Permit:release()
  if getmetatable(self) ~= Permit then no_colon("release", "permit") end
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
  if getmetatable(self) ~= Semaphore then no_colon("acquire") end
  return self._list:wait(timeout, "a semaphore", take, self)
end

--- release(): one permit more; for permits that are not given back by themselves
function Semaphore:release()
  if getmetatable(self) ~= Semaphore then no_colon("release") end
  self._free = self._free + 1
  self._list:wake()
end

--- free() -> number of permits nobody holds
function Semaphore:free()
  if getmetatable(self) ~= Semaphore then no_colon("free") end
  return self._free
end

local function new(n)
  if math.type(n) ~= "integer" or n < 0 then
    error("bad argument #1 to 'semaphore' (number of permits expected)", 2)
  end
  return setmetatable({_free = n, _list = core.list()}, Semaphore)
end

return {new = new, methods = Semaphore, permit = Permit}
