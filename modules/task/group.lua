-- group.lua - tasks that end together: leaving the block waits for them, an error ends the others.
-- local g <close> = task.group(); g:spawn(fn, ...)

local core = require "procrun.core.task"

local Group = {}
Group.__index = Group

local function cancel_all(self)
  for t in pairs(self._tasks) do t:cancel() end
end

-- The body of each member: reports its end to the group.
local function run_member(self, fn, ...)
  local me <close> = setmetatable({}, {__close = function(_, err)
    local t = core.current()
    self._tasks[t] = nil
    self._count = self._count - 1
    if err ~= nil and not core.is_cancel(err) and not self._failed then
      self._failed, self._error = t, err
      cancel_all(self)
    end
    self._list:wake_all()
  end})
  return fn(...)
end

--- spawn(fn, ...) -> task
function Group:spawn(fn, ...)
  if type(fn) ~= "function" then
    error(("bad argument #1 to 'spawn' (function expected, got %s)"):format(type(fn)), 2)
  end
  if self._closed then error("spawn: the group has ended", 2) end
  local t = core.handled(core.spawn(run_member, self, fn, ...))
  self._tasks[t] = true
  self._count = self._count + 1
  if self._failed or self._cancelled then t:cancel() end
  return t
end

local function is_empty(self)
  return self._count == 0
end

-- The error of the member that failed first, raised once, with its traceback.
local function raise_failure(self)
  local t = self._failed
  if not t or self._told then return end
  self._told = true
  t:wait()
  error(self._error, 0) -- its clean-up has replaced the error by an ordinary end
end

--- wait([timeout]) -> true | nil, "timeout", "ETIMEDOUT": all have ended; raises the first error
function Group:wait(timeout)
  local _, message, code = self._list:wait(timeout, "the tasks of a group", is_empty, self)
  if code then return nil, message, code end
  raise_failure(self)
  return true
end

--- cancel() -> group: cancels every task of the group, and those spawned later
function Group:cancel()
  self._cancelled = true
  cancel_all(self)
  return self
end

-- Leaving the block: by an error, the others are cancelled; a cancel of the waiting task passes on
-- to the members, and all of them end before it goes on.
Group.__close = function(self, err)
  if err ~= nil then cancel_all(self) end
  do
    local _ <close> = setmetatable({}, {__close = function(_, cause)
      if cause ~= nil then cancel_all(self) end
      self._list:wait(nil, "the tasks of a group", is_empty, self)
      self._closed = true
    end})
    self._list:wait_open(nil, "the tasks of a group", is_empty, self)
  end
  if err == nil then raise_failure(self) end
end

local function new()
  return setmetatable({_tasks = {}, _count = 0, _list = core.list()}, Group)
end

return {new = new, methods = Group}
