-- options.lua - what pool.new can be told: its own options, and those of proc.fork.

local misuse = require "procrun.events.misuse"
local proc_options = require "procrun.proc.options"

local M = {}

local function is_count(value, least)
  return math.type(value) == "integer" and value >= least
end

local function count_from(least)
  return function(value)
    if is_count(value, least) then return value end
    return nil, least == 0 and "integer from 0 on" or "positive integer"
  end
end

local function or_huge(check)
  return function(value)
    if value == math.huge then return value end
    return check(value)
  end
end

local function time(value) return proc_options.check("timeout", value) end

local function size(value) return proc_options.check("max_buffer", value) end

local function list_of_words(value) return proc_options.check("exec_args", value) end

local OWN = {
  size = count_from(1), min = count_from(0), concurrency = count_from(1), slots = count_from(1),
  queue = or_huge(count_from(1)), retries = or_huge(count_from(0)),
  max_jobs = or_huge(count_from(1)), max_memory = or_huge(size),
  idle_timeout = or_huge(time), start_timeout = or_huge(time), timeout = or_huge(time),
  grace = time, ssh = list_of_words, modules = list_of_words,
  args = function(value)
    if type(value) == "table" then return value end
    return nil, "list"
  end,
  hosts = function(value)
    if type(value) == "table" and value[1] ~= nil then return value end
    return nil, 'list of names, or of tables {host = "a", slots = 4}'
  end,
}

-- Of proc.fork, what is the pool's own affair.
local TAKEN = { stdio = true, stdin = true, stdout = true, channel = true, input = true,
  capture = true, output = true, silent = true, detached = true, serialization = true,
  encoding = true }

local DEFAULTS = { min = 0, concurrency = 1, queue = 1024, retries = 0, max_jobs = math.huge,
  idle_timeout = 30, start_timeout = 30, grace = 1 }

local function fail(fname, key, expected, value)
  misuse("%s: option '%s': %s expected, got %s", fname, key, expected, proc_options.show(value))
end

--- read(options) -> the pool's own, with the defaults; those of the workers' start
function M.read(options)
  local own, start = {}, {}
  for key, value in pairs(DEFAULTS) do own[key] = value end
  proc_options.check_names("pool.new", options, OWN)
  for key, value in pairs(options) do
    if TAKEN[key] then
      misuse("pool.new: option '%s': the pool itself sees to the streams of its workers", key)
    elseif OWN[key] then
      local checked, expected = OWN[key](value)
      if expected then fail("pool.new", key, expected, value) end
      own[key] = checked
    else
      start[key] = value
    end
  end
  proc_options.add("pool.new", {}, start) -- raises what is wrong with them
  return own, start
end

-- Options of calls --------------------------------------------------------------------------------

local OF_CALLS = {
  timeout = OWN.timeout, retries = OWN.retries,
  priority = function(value)
    if math.type(value) == "integer" then return value end
    return nil, "integer"
  end,
}

--- of_calls(options, base) -> options of p:with: those of base, and over them the new ones
function M.of_calls(options, base)
  if type(options) ~= "table" then
    misuse("bad argument #1 to 'with' (table of options expected, got %s)", type(options))
  end
  local all = { timeout = base.timeout, retries = base.retries,
    priority = base.priority or 0 }
  for key, value in pairs(options) do
    local check = OF_CALLS[key]
    if not check then
      misuse("with: unknown option '%s' (known: %s)", tostring(key),
        require "procrun.events.names"(OF_CALLS))
    end
    local checked, expected = check(value)
    if expected then fail("with", key, expected, value) end
    all[key] = checked
  end
  if all.timeout == math.huge then all.timeout = nil end
  return all
end

return M
