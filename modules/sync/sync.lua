-- sync.lua - mutexes, semaphores and events that processes of one user share by name.
-- local sync = require "procrun.sync"; local guard <close> = sync.mutex("backup"):lock("10s")

local core = require "procrun.core.sync"
local task = require "procrun.core.task"

local M = {}

local MOST_UNITS <const> = 0x7fffffff
local LONGEST_PAUSE <const>, LONGEST_TRY <const> = 0.02, 1 -- seconds

local function kind_of(name)
  local methods = {}
  methods.__index = methods
  methods.__name = name
  return methods
end

local mutex, guard = kind_of("mutex"), kind_of("guard")
local semaphore, permit = kind_of("semaphore"), kind_of("permit")
local event = kind_of("event")

local function fail(level, text, ...)
  error(text:format(...), level + 1)
end

-- Called with a colon, on an object that is open.
local function check_self(kind, method, self)
  if getmetatable(self) ~= kind then
    local name = kind.__name
    fail(3, "bad call to '%s' (call it with a colon: %s:%s())", method, name, method)
  end
  if self._closed then
    fail(3, "bad call to '%s' (%s '%s' is closed)", method, kind.__name, self.name)
  end
end

-- An error names the method that the script called.
local function seconds_of(method, time)
  if time == nil then return nil end
  local fine, result = pcall(task.seconds, time)
  if fine then return result end
  error("bad argument #1 to '" .. method .. "' " .. (result:match("%(.*%)") or result), 4)
end

local function check_name(method, name)
  if type(name) == "string" and #name <= core.longest and name:find("^[%w._:-]+$") then return end
  local got = type(name) == "string" and ("%q"):format(name) or type(name)
  local wanted = "name expected: 1 to %d letters, digits and . _ - :"
  fail(3, "bad argument #1 to '%s' (" .. wanted .. ", got %s)", method, core.longest, got)
end

-- The file is busy for some microseconds at most, unless a process was stopped just then: nil and
-- EBUSY. (What is locked is false and EBUSY.)
local function insist(limit, fn, ...)
  local pause, passed = 0.001, 0
  while true do
    local result, message, code = fn(...)
    if result ~= nil or code ~= "EBUSY" or passed >= limit then return result, message, code end
    task.sleep(pause)
    passed = passed + pause
    pause = math.min(pause * 2, LONGEST_PAUSE)
  end
end

local function open(kind, name, units)
  local object, message, code = insist(math.huge, core.open, kind.__name, name, units)
  if not object then return nil, message, code end
  return setmetatable({ name = name, _core = object }, kind)
end

local function close(kind)
  return function(self)
    if getmetatable(self) ~= kind then
      fail(2, "bad call to 'close' (call it with a colon: %s:close())", kind.__name)
    end
    self._closed = true
    self._core:shut()
  end
end

local function describe(kind)
  return function(self)
    return ("%s '%s'"):format(kind.__name, self.name)
  end
end

for _, kind in ipairs { mutex, semaphore, event } do
  kind.close = close(kind)
  kind.__close = kind.close
  kind.__tostring = describe(kind)
end

--- sync.mutex(name) -> mutex | nil, message, code
function M.mutex(name)
  check_name("mutex", name)
  return open(mutex, name, 1)
end

local function locked(self, ok, second, code)
  if not ok then return nil, second, code end
  local new = setmetatable({ _mutex = self }, guard)
  self._guard = new
  return new, second
end

--- mutex:lock([timeout]) -> guard, ["abandoned"] | nil, message, code
function mutex:lock(timeout)
  check_self(mutex, "lock", self)
  return locked(self, self._core:take(seconds_of("lock", timeout)))
end

--- mutex:try_lock() -> guard, ["abandoned"] | nil, message, code
function mutex:try_lock()
  check_self(mutex, "try_lock", self)
  return locked(self, insist(LONGEST_TRY, self._core.try, self._core))
end

--- mutex:unlock()
function mutex:unlock()
  check_self(mutex, "unlock", self)
  if not self._guard then
    fail(2, "bad call to 'unlock' (mutex '%s' is not locked by this object)", self.name)
  end
  self._guard:unlock()
end

--- guard:unlock(): once; a second call does nothing
function guard:unlock()
  if getmetatable(self) ~= guard then
    fail(2, "bad call to 'unlock' (call it with a colon: guard:unlock())")
  end
  local held = self._mutex
  if not held then return end
  self._mutex, held._guard = nil, nil
  if not held._closed then held._core:give(1) end
end

guard.__close = guard.unlock

--- sync.semaphore(name, n) -> semaphore | nil, message, code
function M.semaphore(name, n)
  check_name("semaphore", name)
  if math.type(n) ~= "integer" or n < 1 or n > MOST_UNITS then
    fail(2, "bad argument #2 to 'semaphore' (number of units expected: 1 to %d, got %s)",
      MOST_UNITS, math.type(n) and tostring(n) or type(n))
  end
  local new, message, code = open(semaphore, name, n)
  if not new then return nil, message, code end
  new._permits, new._oldest, new._newest = {}, 1, 0
  return new
end

local function acquired(self, ok, second, code)
  if not ok then return nil, second, code end
  local index = self._newest + 1
  local new = setmetatable({ _semaphore = self, _index = index }, permit)
  self._permits[index], self._newest = new, index
  return new
end

--- semaphore:acquire([timeout]) -> permit | nil, message, code
function semaphore:acquire(timeout)
  check_self(semaphore, "acquire", self)
  return acquired(self, self._core:take(seconds_of("acquire", timeout)))
end

--- semaphore:try_acquire() -> permit | nil, message, code
function semaphore:try_acquire()
  check_self(semaphore, "try_acquire", self)
  return acquired(self, insist(LONGEST_TRY, self._core.try, self._core))
end

-- The permits of units that are given back have done their work.
local function forget_oldest(self, count)
  local index = self._oldest
  while count > 0 do
    local each = self._permits[index]
    if each then
      each._semaphore, self._permits[index] = nil, nil
      count = count - 1
    end
    index = index + 1
  end
  self._oldest = index
end

--- semaphore:release([count]): units that were acquired here
function semaphore:release(count)
  check_self(semaphore, "release", self)
  count = count == nil and 1 or count
  if math.type(count) ~= "integer" or count < 1 then
    fail(2, "bad argument #1 to 'release' (number of units expected, got %s)", tostring(count))
  end
  local owned = self._core:owned()
  if count > owned then
    fail(2, "bad argument #1 to 'release' (%d units, but %d are held through this object)", count,
      owned)
  end
  forget_oldest(self, count)
  self._core:give(count)
end

--- semaphore:value() -> units that nobody holds | nil, message, code
function semaphore:value()
  check_self(semaphore, "value", self)
  return insist(LONGEST_TRY, self._core.free, self._core)
end

--- permit:release(): once; a second call does nothing
function permit:release()
  if getmetatable(self) ~= permit then
    fail(2, "bad call to 'release' (call it with a colon: permit:release())")
  end
  local held = self._semaphore
  if not held then return end
  self._semaphore, held._permits[self._index] = nil, nil
  if not held._closed then held._core:give(1) end
end

permit.__close = permit.release

--- sync.event(name) -> event | nil, message, code
function M.event(name)
  check_name("event", name)
  return open(event, name, 1)
end

local function change(self, value)
  local ok, message, code = insist(math.huge, self._core.set, self._core, value)
  if not ok then return nil, message, code end
  return self
end

--- event:set() -> event | nil, message, code: all who wait go on, and nobody waits any more
function event:set()
  check_self(event, "set", self)
  return change(self, true)
end

--- event:clear() -> event | nil, message, code
function event:clear()
  check_self(event, "clear", self)
  return change(self, false)
end

--- event:is_set() -> boolean | nil, message, code
function event:is_set()
  check_self(event, "is_set", self)
  return self._core:is_set()
end

--- event:wait([timeout]) -> true | nil, message, code
function event:wait(timeout)
  check_self(event, "wait", self)
  return self._core:wait(seconds_of("wait", timeout))
end

M._types = { mutex = mutex, guard = guard, semaphore = semaphore, permit = permit, event = event }

return M
