-- profile.lua - procrun.profile("out.txt"): where a script's processor time goes.

local core = require "procrun.core.profile"
local this_process = require "procrun.core.self"
local task = require "procrun.core.task"

local M = {}

local INTERVAL <const> = 0.001
local SHORTEST <const>, LONGEST <const> = 0.0001, 10

local profiler = {} -- methods
local meta = {__index = profiler, __name = "profiler"}

--- profiler:stop() -> number of samples | nil, message, code
function profiler:stop()
  if getmetatable(self) ~= meta then error("call it with a colon: profiler:stop()", 2) end
  if self.stopped then return self.samples end
  self.stopped = true
  local samples, message, code = core.stop()
  self.samples = samples
  return samples, message, code
end

meta.__close = profiler.stop

-- %p in the path becomes the number of this process.
local function expand(path)
  return (path:gsub("%%(.?)", {p = tostring((this_process.ids())), ["%"] = "%"}))
end

local function read_interval(options)
  if options == nil then return INTERVAL end
  if type(options) ~= "table" then
    error(("bad argument #2 to 'profile' (table expected, got %s)"):format(type(options)), 3)
  end
  for key in pairs(options) do
    if key ~= "interval" then
      error(("profile: unknown option '%s' (known: interval)"):format(tostring(key)), 3)
    end
  end
  if options.interval == nil then return INTERVAL end
  local ok, seconds = pcall(task.seconds, options.interval)
  if not ok then error("profile: interval: " .. seconds:match("%((.*)%)$"), 3) end
  if seconds < SHORTEST or seconds > LONGEST then
    error(("profile: interval: %g s is not between %g s and %g s"):format(seconds, SHORTEST,
      LONGEST), 3)
  end
  return seconds
end

--- profile(path, [options]) -> profiler | nil, message, code; options: interval (0.001)
function M.profile(path, options)
  if type(path) ~= "string" then
    error(("bad argument #1 to 'profile' (path expected, got %s)"):format(type(path)), 2)
  end
  local seconds = read_interval(options)
  local ok, message, code = core.start(expand(path), seconds)
  if not ok then return nil, message, code end
  return setmetatable({stopped = false}, meta)
end

M.methods = profiler

return M
