-- timer.lua - the clock, and functions called at a later time: timer.after("1.5s", print, "late")
--
-- One dispatch task takes the timers that are due and starts a task for each: a timer that waits is
-- a small table and no coroutine. While it is armed, the C half holds that table.

local core = require "procrun.core.timer"
local task = require "procrun.core.task"

local M = {}
local methods = {}
local timer_meta = { __index = methods, __name = "timer" }

local NO_ARGS <const> = { n = 0 }
local dispatcher -- started with the first timer

local function is_running(t)
  local status = t and t:status()
  return status == "running" or status == "ready" or status == "waiting"
end

-- The task of one call. A task that ran just before may have cancelled the timer.
local function run(timer)
  if not timer.starting then return end
  timer.starting = false
  timer.fn(table.unpack(timer.args, 1, timer.args.n))
end

-- A call that is still under way when its time comes again is not joined by a second one.
local function dispatch()
  while true do
    local timer = core.due()
    if not is_running(timer.call) then
      timer.starting = true
      timer.call = task.spawn(run, timer)
      timer.call.name = "timer"
    end
  end
end

local function check_function(method, fn)
  if type(fn) ~= "function" then
    local text = "bad argument #2 to '%s' (function expected, got %s)"
    error(text:format(method, fn == nil and "no value" or type(fn)), 4)
  end
end

-- A time as seconds; an error names the argument of the function that the script called.
local function seconds_of(method, time)
  local ok, result = pcall(task.seconds, time)
  if ok then return result end
  error("bad argument #1 to '" .. method .. "' " .. (result:match("%(.*%)") or result), 4)
end

local function start(method, time, repeats, fn, ...)
  local seconds = seconds_of(method, time)
  check_function(method, fn)
  dispatcher = dispatcher or task.spawn_daemon("timers", dispatch)
  local args = select("#", ...) > 0 and table.pack(...) or NO_ARGS
  local timer = setmetatable(
    { core = core.new(), starting = false, fn = fn, args = args }, timer_meta)
  timer.core:start(timer, seconds, repeats and seconds or nil)
  return timer
end

--- timer.now() -> seconds
M.now = core.now

--- timer.after(time, fn, ...) -> timer
function M.after(time, fn, ...)
  local timer = start("after", time, false, fn, ...)
  return timer
end

--- timer.every(time, fn, ...) -> timer
function M.every(time, fn, ...)
  local timer = start("every", time, true, fn, ...)
  return timer
end

local function check_self(self, method)
  if getmetatable(self) ~= timer_meta then
    error(("bad call to '%s' (call it with a colon: timer:%s())"):format(method, method), 3)
  end
end

--- timer:cancel() -> timer
function methods:cancel()
  check_self(self, "cancel")
  self.starting = false
  self.core:stop()
  return self
end

--- timer:active() -> boolean
function methods:active()
  check_self(self, "active")
  return self.starting or self.core:active()
end

--- timer:ref() -> timer
function methods:ref()
  check_self(self, "ref")
  self.core:ref(true)
  return self
end

--- timer:unref() -> timer
function methods:unref()
  check_self(self, "unref")
  self.core:ref(false)
  return self
end

timer_meta.__close = methods.cancel

M._types = { timer = methods }

return M
