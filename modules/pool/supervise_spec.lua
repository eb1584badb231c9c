-- supervise_spec.lua - what pool.supervise is told, checked.

local misuse = require "procrun.events.misuse"
local proc_options = require "procrun.proc.options"

local M = {}

local RESTART <const> = { always = true, on_failure = true, never = true }

local function time(value) return proc_options.check("timeout", value) end

local function time_or_huge(value)
  if value == math.huge then return value end
  return time(value)
end

-- For each child, or for all beside the list.
local OWN = {
  restart = function(value)
    if RESTART[value] then return value end
    return nil, "'always', 'on_failure' or 'never'"
  end,
  delay = time, max_delay = time, reset = time, within = time, ready_timeout = time_or_huge,
  max_restarts = function(value)
    if value == math.huge or math.type(value) == "integer" and value >= 0 then return value end
    return nil, "integer from 0 on"
  end,
}

local function is_name(value)
  if type(value) == "string" and value ~= "" then return value end
  return nil, "name"
end

-- For one child alone.
local OF_ONE = {
  name = is_name, fork = is_name,
  ready = function(value)
    if type(value) == "function" or value == "message" then return value end
    return nil, "function, or 'message'"
  end,
}

local DEFAULTS = { restart = "always", delay = 0.1, max_delay = 30, reset = 60, max_restarts = 10,
  within = 60, ready_timeout = 30 }

local function take(where, key, check, value)
  local checked, expected = check(value)
  if expected then
    misuse("%s: '%s': %s expected, got %s", where, key, expected, proc_options.show(value))
  end
  return checked
end

local function base_name(path)
  return path:match("([^/]+)/*$") or path
end

-- The words and the options for proc, what is ours in `one`.
local function read_child(where, given, base)
  local one, command = {}, {}
  for key, value in pairs(base) do one[key] = value end
  for key, value in pairs(given) do
    local check = OWN[key] or OF_ONE[key]
    if check then one[key] = take(where, key, check, value) else command[key] = value end
  end
  if one.fork then
    table.insert(command, 1, one.fork)
  elseif type(command[1]) ~= "string" then
    misuse("%s: a program {name = \"db\", \"postgres\", \"-D\", dir}, or fork = script, expected",
      where)
  elseif one.ready == "message" and not command.channel then
    misuse("%s: ready = 'message' needs fork = script, or the option channel", where)
  end
  if command.stdio == nil and not one.fork and not command.channel then
    command.stdin, command.stdout, command.stderr = command.stdin or "ignore",
      command.stdout or "inherit", command.stderr or "inherit"
  end
  if command.autokill == nil then command.autokill = 15 end
  one.name, one.command = one.name or base_name(command[1]), command
  one.state, one.restarts, one.times = "stopped", 0, {}
  require "procrun.proc.command".parse("supervise", command) -- raises what is wrong
  return one
end

--- read(spec) -> list of children
function M.read(spec)
  if type(spec) ~= "table" or spec[1] == nil then
    misuse("bad argument #1 to 'supervise' (list of children expected, got %s)",
      type(spec) == "table" and "an empty table" or type(spec))
  end
  local base, children, seen = {}, {}, {}
  for key, value in pairs(DEFAULTS) do base[key] = value end
  for key, value in pairs(spec) do
    if type(key) ~= "number" then
      if not OWN[key] then
        misuse("supervise: unknown option '%s' (known: %s)", tostring(key),
          require "procrun.events.names"(OWN))
      end
      base[key] = take("supervise", key, OWN[key], value)
    end
  end
  for i, given in ipairs(spec) do
    local where = ("supervise: child %d"):format(i)
    if type(given) ~= "table" then misuse("%s: table expected, got %s", where, type(given)) end
    local one = read_child(where, given, base)
    if seen[one.name] then
      misuse("%s: there are two of the name '%s'; give each a name of its own", where, one.name)
    end
    seen[one.name], children[i] = true, one
  end
  return children
end

return M
