-- env.lua - the environment as a table that is always up to date: process.env, proc.env, os.getenv.

local core = require "procrun.core.self"

local env = {}

local function next_of(variables, name)
  return next(variables, name)
end

local function get(_, name)
  return type(name) == "string" and core.getenv(name) or nil
end

local function set(_, name, value)
  if type(value) == "number" then value = tostring(value) end
  if type(name) ~= "string" or name == "" or name:find("[=%z]") then
    error("env: the name of a variable is a string, not empty, without '=' and NUL", 2)
  end
  if value ~= nil and type(value) ~= "string" then
    error(("env.%s: string, number or nil expected, got %s"):format(name, type(value)), 2)
  end
  if value and value:find("\0", 1, true) then
    error(("env.%s: the value holds a NUL byte"):format(name), 2)
  end
  core.setenv(name, value)
end

setmetatable(env, {
  __index = get,
  __newindex = set,
  -- luapower's proc.env(name), env(name, value), env(name, false), and env(), a copy of all
  __call = function(_, ...)
    local name, value = ...
    if name == nil and select("#", ...) < 2 then return core.environ() end
    if value == nil and type(name) == "string" then return core.getenv(name) end
    return set(env, name, value or nil)
  end,
  __pairs = function()
    return next_of, core.environ()
  end,
})

return env
