-- scope.lua - a directory and an environment for a task and those that it starts meanwhile.
-- local _ <close> = proc.scope { cwd = "build", extend_env = { CC = "clang" } }

local command = require "procrun.proc.command"
local core = require "procrun.core.scope"
local misuse = require "procrun.events.misuse"
local options = require "procrun.proc.options"

local M = {}

local KNOWN <const> = { cwd = "cwd", cur_dir = "cwd", env = "env", extend_env = "extend_env" }

local function checked(given)
  if type(given) ~= "table" then
    misuse("bad argument #1 to 'scope' (table with cwd, env, extend_env expected, got %s)",
      type(given))
  end
  local o = {}
  for key, value in pairs(given) do
    local name = KNOWN[key]
    if not name then
      misuse("scope: unknown option '%s' (known: cwd, env, extend_env)", tostring(key))
    end
    local fine, expected = options.check(name, value)
    if expected then
      misuse("scope: option '%s': %s expected, got %s", key, expected, options.show(value))
    end
    o[name] = fine
  end
  return o
end

--- scope(options) -> scope (a <close> value) | nil, message, code
function M.scope(given)
  local o = checked(given)
  local variables = command.environment("scope", o)
  if o.cwd == "" then o.cwd = nil end
  if o.cwd then -- the script's folder is found out before the first one
    local _ = require "procrun.process".script_dir
  end
  return core.open(o.cwd, { variables = variables })
end

return M
