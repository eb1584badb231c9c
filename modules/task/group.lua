-- group.lua - tasks that end together: leaving the block waits for them, an error ends the others.
-- local g <close> = task.group(); g:spawn(fn, ...)

local core = require "procrun.core.task"

local Group = {}
Group.__index = Group

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: group:%s(...)", name)
end

--- spawn(fn, ...) -> task
function Group:spawn(fn, ...)
  if getmetatable(self) ~= Group then no_colon("spawn") end
  if type(fn) ~= "function" then
    error(("bad argument #1 to 'spawn' (function expected, got %s)"):format(type(fn)), 2)
  end
  if self._closed then error("spawn: the group has ended", 2) end
  return self._crew:add(core.spawn(fn, ...))
end

-- The error of the member that failed first, raised once, with its traceback.
local function raise_failure(crew)
  local t = crew:failure()
  if t then t:wait() end
end

--- wait([timeout]) -> true | nil, "timeout", "ETIMEDOUT": all have ended; raises the first error
function Group:wait(timeout)
  if getmetatable(self) ~= Group then no_colon("wait") end
  local ok, message, code = self._crew:wait(timeout)
  if not ok then return nil, message, code end
  raise_failure(self._crew)
  return true
end

--- cancel() -> group: cancels every task of the group, and those spawned later
function Group:cancel()
  if getmetatable(self) ~= Group then no_colon("cancel") end
  self._crew:cancel()
  return self
end

-- The end of a block: all members end before it goes on, by a cancel if it ends with an error. That
-- error is the one that goes on then.
local Guard = {__close = function(self, err)
  local crew = self[1]
  if err ~= nil then crew:cancel() end
  crew:wait()
  if err ~= nil then crew:dismiss() end
end}

-- A cancel of the task that waits here passes on to the members.
Group.__close = function(self, err)
  local crew = self._crew
  if err ~= nil then crew:cancel() end
  do
    local _ <close> = setmetatable({crew}, Guard)
    crew:wait_open()
  end
  self._closed = true
  if err ~= nil then crew:dismiss() else raise_failure(crew) end
end

local function new()
  return setmetatable({_crew = core.crew("group")}, Group)
end

return {new = new, methods = Group}
