-- procrun.lua - procrun itself: require "procrun".dump()
--
-- A function is loaded by its first call.

local M = {}

local function later(name, module)
  M[name] = function(...)
    local fn = require(module)[name]
    M[name] = fn
    return fn(...)
  end
end

--- version: "0.1.0"
M.version = require "procrun.core.self".version():match("^procrun (%S+)")

--- config() -> table of strings: facts about this build
later("config", "procrun.procrun.config")

--- dump([where]) -> true | nil, message, code:
--- what this process does and waits for, as a text on standard error
later("dump", "procrun.procrun.dump")

--- inspect(value, [options]) -> readable text of any value
later("inspect", "procrun.repl.show")

--- snapshot() -> the same as a table
later("snapshot", "procrun.procrun.snapshot")

--- profile(path, [options]) -> profiler | nil, message, code
later("profile", "procrun.procrun.profile")

--- trace([categories], [path]) -> true | nil, message, code
later("trace", "procrun.procrun.trace")

M._types = setmetatable({}, {__index = function(types, name)
  if name ~= "profiler" then return nil end
  types.profiler = require "procrun.procrun.profile".methods
  return types.profiler
end})

return M
