-- variable.lua - a variable whose value belongs to the task, and to those that it starts.
-- local v = task.variable("none"); local _ <close> = v:set("mine"); v:get()

local core = require "procrun.core.variable"

local getmetatable <const> = debug.getmetatable
local get, set = core.get, core.set

local Variable = {}
Variable.__index = Variable

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: variable:%s(...)", name)
end

--- get() -> what this task has set, or else the task that started it had then; or else the default
function Variable:get()
  if getmetatable(self) ~= Variable then no_colon("get") end
  local value = get(self)
  if value == nil then return self._default end
  return value
end

--- set(value) -> scope (a <close> value): for this task and those that it starts meanwhile
function Variable:set(value)
  if getmetatable(self) ~= Variable then no_colon("set") end
  return set(self, value)
end

local function new(default)
  return setmetatable({_default = default}, Variable)
end

return {new = new, methods = Variable, scope = core.scope_methods}
