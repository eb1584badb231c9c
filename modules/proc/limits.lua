-- limits.lua - the limits of a child: the option checked, limits changed while it runs, and which
-- of them has struck. Loaded with the first child that has any.

local misuse = require "procrun.events.misuse"
local names_of = require "procrun.events.names"
local options = require "procrun.proc.options"

local M = {}

local NO_LIMIT <const> = -1 -- as the core has it
local NICE_MIN <const>, NICE_MAX <const> = -20, 19

local KINDS = {} -- name -> fn(value) -> integer | nil, what was expected

function KINDS.cpu(value)
  local seconds, expected = options.check("timeout", value)
  if expected then return nil, expected end
  if seconds <= 0 then return nil, "time above 0" end
  return math.tointeger(math.ceil(seconds)) or NO_LIMIT -- more than there are seconds
end

local function size(value)
  return options.check("max_buffer", value)
end

local function count(value)
  if math.type(value) == "integer" and value >= 0 then return value end
  return nil, "integer from 0 on"
end

KINDS.memory, KINDS.file_size, KINDS.core = size, size, size
KINDS.files, KINDS.processes = count, count

function KINDS.nice(value)
  if math.type(value) == "integer" and value >= NICE_MIN and value <= NICE_MAX then return value end
  return nil, ("integer from %d to %d"):format(NICE_MIN, NICE_MAX)
end

--- check(fname, value) -> table of integers; math.huge: no limit
function M.check(fname, value)
  if type(value) ~= "table" then
    misuse("%s: limits: table expected, got %s", fname, options.show(value))
  end
  local limits = {}
  for name, wanted in pairs(value) do
    local check = KINDS[name]
    if not check then
      misuse("%s: limits: unknown limit '%s' (known: %s)", fname, tostring(name), names_of(KINDS))
    end
    local checked, expected = NO_LIMIT, nil
    if wanted ~= math.huge or name == "nice" then checked, expected = check(wanted) end
    if expected then
      misuse("%s: limits.%s: %s expected, got %s", fname, name, expected, options.show(wanted))
    end
    limits[name] = checked
  end
  return limits
end

--- guard(plan): a guard is to end the tree of that child when this process has gone
function M.guard(plan)
  local limits = { tree = true }
  for name, value in pairs(plan.limits or {}) do limits[name] = value end
  plan.limits, plan.death_signal = limits, nil
end

--- change(child, limits) -> true | nil, message, code
function M.change(child, value)
  local limits = M.check("limit", value)
  if child._process:exited() then
    return nil, ("limit: child %d has already ended"):format(child.pid), "ESRCH"
  end
  local ok, message, code, which = child._process:limit(limits)
  if not ok then return nil, ("limit: %s: %s"):format(which or child.pid, message), code end
  local all = {}
  for name, old in pairs(child._options.limits or {}) do all[name] = old end
  for name, new in pairs(limits) do all[name] = new end
  child._options.limits = all -- a table of its own: stages of a pipeline share theirs
  return true
end

-- What struck -------------------------------------------------------------------------------------

local ERRNO <const> = {
  cpu = "ETIME", memory = "ENOMEM", file_size = "EFBIG", processes = "EAGAIN",
}

-- By a signal that a limit sends: to the child itself, or, as a shell tells it, to a program that
-- this has run.
local BY_SIGNAL <const> = { SIGXCPU = "cpu", SIGXFSZ = "file_size" }
-- What ends a program that was refused memory, if it does not end by itself.
local CRASHES <const> = { SIGABRT = true, SIGBUS = true, SIGILL = true, SIGSEGV = true,
  SIGTRAP = true }

local NAMES <const> = {} -- exit status of a shell -> signal that it tells
local signal_of = require "procrun.core.process".signal
for number = 1, 31 do NAMES[128 + number] = signal_of(number) end

local NEAR <const> = 0.75 -- of its memory: less may have been in use when more was asked for

-- Nobody tells of memory refused by an rlimit. That it had nearly all of it says enough, unless
-- the figure is ours: a child's peak begins with the size of who made it; or unless it was ended by
-- what has nothing to do with memory.
local function is_near_memory(child, limits, signal, peak)
  local limit = limits.memory
  if not limit or limit == NO_LIMIT or child.killed then return false end
  if signal and not CRASHES[signal] then return false end
  return peak >= limit * NEAR and require "procrun.process".usage().peak_rss < limit * NEAR
end

-- Anybody may send SIGXCPU, or end with 152. The limit counts whole ticks of the clock, of which
-- the child may have had a part only where others want the processor, too; usage is exact, and zero
-- where nobody counts.
local function is_near_cpu(limits, usage)
  local used = usage.cpu_user + usage.cpu_system
  return used == 0 or used >= limits.cpu / 2
end

-- The hard limit kills without a word.
local function is_over_cpu(limits, usage)
  local limit = limits.cpu or NO_LIMIT
  return limit ~= NO_LIMIT and usage.cpu_user + usage.cpu_system >= limit
end

local function by_signal(limits, signal, usage)
  local name = BY_SIGNAL[signal]
  if not name or (limits[name] or NO_LIMIT) == NO_LIMIT then return nil end
  return (name ~= "cpu" or is_near_cpu(limits, usage)) and name or nil
end

--- struck(child, code, signal, usage) -> name, errno | nil: the limit that a child met which did
--- not end well, as far as can be known
function M.struck(child, code, signal, usage)
  local limits = child._options.limits
  local told = signal or NAMES[code]
  local counted, exact = child._process:struck()
  local name = counted == "memory" and counted or by_signal(limits, told, usage) or counted
  if not name and signal == "SIGKILL" and not child.killed and is_over_cpu(limits, usage) then
    name = "cpu"
  end
  if not name and not exact and is_near_memory(child, limits, told, usage.peak_rss) then
    name = "memory"
  end
  return name, ERRNO[name]
end

return M
