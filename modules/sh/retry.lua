-- retry.lua - sh.retry({ times = 5, delay = "1s", factor = 2, max = "1m" }, fn, ...): again and
-- again until it succeeds.

local misuse = require "procrun.events.misuse"
local now = require "procrun.core.self".now
local seconds = require "procrun.core.task".seconds
local sleep = require "procrun.task".sleep

local M = {}

local TIME <const> = 'time (seconds, or "1.5s")'

local function is_time(value)
  return (pcall(seconds, value))
end

local function is_function(value)
  return type(value) == "function" or type(value) == "table" and (getmetatable(value) or {}).__call
end

local OPTIONS <const> = {
  times = { "positive integer or math.huge", function(value)
    return type(value) == "number" and value >= 1 and (value == math.huge or math.tointeger(value))
  end },
  delay = { TIME, is_time }, max = { TIME, is_time }, reset = { TIME, is_time },
  factor = { "number from 1 on", function(value)
    return type(value) == "number" and value >= 1
  end },
  jitter = { "boolean", function(value) return type(value) == "boolean" end },
  when = { "function", is_function }, on = { "function", is_function },
}

local function read(options)
  if type(options) == "number" then options = { times = options } end
  if type(options) ~= "table" then
    misuse("bad argument #1 to 'retry' (table of options expected, got %s)", type(options))
  end
  for name, value in pairs(options) do
    local option = OPTIONS[name]
    if not option then
      misuse("retry: unknown option '%s' (known: %s)", tostring(name),
        require "procrun.events.names"(OPTIONS, {}))
    elseif not option[2](value) then
      misuse("retry: option '%s': %s expected, got %s", name, option[1],
        require "procrun.proc.options".show(value))
    end
  end
  return {
    times = options.times or 5, delay = seconds(options.delay or 1), factor = options.factor or 2,
    max = seconds(options.max or math.huge), reset = options.reset and seconds(options.reset),
    jitter = options.jitter, when = options.when, on = options.on,
  }
end

-- The pause after attempt number n: it grows to the most; with jitter any length from half of it.
local function pause_after(o, n)
  local pause = math.min(o.max, o.delay * o.factor ^ (n - 1))
  if o.jitter then pause = pause * (0.5 + math.random() / 2) end
  return pause
end

local function finish(o, fn, n, ...)
  if n == o.times and not o.reset then return true, fn(...) end -- its error goes on as it is
  return pcall(fn, ...)
end

-- Calls fn until it returns. A cancel passes through pcall; so does a timeout around all of this.
local function attempt(o, fn, n, ...)
  local results, began
  while true do
    began = now()
    results = table.pack(finish(o, fn, n, ...))
    if results[1] then return table.unpack(results, 2, results.n) end
    local err = results[2]
    if o.when and not o.when(err, n) then error(err, 0) end
    if o.reset and now() - began >= o.reset then n = 1 end
    if n >= o.times then error(err, 0) end
    local pause = pause_after(o, n)
    if o.on then o.on(n, err, pause) end
    sleep(pause)
    n = n + 1
  end
end

--- retry(options, fn, ...) -> results of fn(...); raises the last error
function M.retry(options, fn, ...)
  if not is_function(fn) then
    misuse("bad argument #2 to 'retry' (function expected, got %s)", type(fn))
  end
  return attempt(read(options), fn, 1, ...)
end

return M
