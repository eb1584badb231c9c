-- keep.lua - one child of a supervisor: started, found ready, started again, stopped.

local core = require "procrun.core.task"
local now = require "procrun.core.self".now
local proc = require "procrun.proc"
local task = require "procrun.task"

local M = {}

local LOOK <const> = 0.05 -- seconds between two questions whether it is ready

local function set_state(self, one, state)
  one.state = state
  one.list:wake_all()
  self._list:wake_all()
end

local function has_ended(child)
  return child:status() ~= "active"
end

-- nil when it is ready, else why not.
local function ask(one, child)
  local deadline = now() + one.ready_timeout
  if one.ready == "message" then
    local left = one.ready_timeout < math.huge and one.ready_timeout or nil
    local message, _, code = child:receive(left)
    if message ~= nil then return nil end
    return code == "ETIMEDOUT" and code or "EPIPE"
  end
  while not has_ended(child) do
    if one.ready(child) then return nil end
    if now() >= deadline then return "ETIMEDOUT" end
    task.sleep(LOOK)
  end
  return "EPIPE"
end

local function end_child(child)
  getmetatable(child).__close(child)
end

-- Is it ready? A child that is not is ended.
local function await_ready(one, child)
  local why = one.ready and ask(one, child)
  if not why or one.stopping then return true end
  end_child(child)
  if why == "ETIMEDOUT" then
    return nil, ("%s was not ready after %g s"):format(one.name, one.ready_timeout), why
  end
  return nil, ("%s: %s before it was ready"):format(one.name, child:wait()), "ECHILD"
end

-- From a start to the end: the result | nil, message, code
local function run_once(self, one)
  local launch = one.fork and proc.fork or proc.spawn
  local child, message, code = launch(one.command)
  if not child then return nil, one.name .. ": " .. message, code end
  local _ <close> = child
  one.child, one.since = child, now()
  set_state(self, one, "starting")
  self:emit("start", one.name, child)
  local ready
  ready, message, code = await_ready(one, child)
  if not ready then return nil, message, code end
  if not one.stopping then
    one.was_ready = true
    set_state(self, one, "running")
    self:emit("ready", one.name, child)
  end
  return child:wait()
end

-- How often it was started again lately, this time included.
local function count_restart(one)
  local times, time = one.times, now()
  times[#times + 1] = time
  while times[1] <= time - one.within do table.remove(times, 1) end
  return #times
end

local function give_up(self, one, message, code)
  one.why, one.code = message, code
  set_state(self, one, "failed")
  self:emit("failed", one.name, message, code)
end

local function is_stopping(one)
  return one.stopping
end

-- After an end: seconds until the next start | nil, it stays ended
local function plan(self, one, result, message, code)
  local wanted = one.restart == "always" or one.restart == "on_failure"
    and not (result and result.ok)
  if not one.was_ready and not result then -- the very first start: told by who asked for it
    return nil, give_up(self, one, message, code)
  elseif not wanted then
    return nil, set_state(self, one, "ended")
  elseif count_restart(one) > one.max_restarts then
    local last = message or tostring(result)
    return nil, give_up(self, one, ("%s was started again %d times within %g s; the last: %s")
      :format(one.name, one.max_restarts, one.within, last), "ECHILD")
  end
  if one.since and now() - one.since >= one.reset then one.pauses = 0 end
  one.pauses = (one.pauses or 0) + 1
  return math.min(one.delay * 2 ^ (one.pauses - 1), one.max_delay)
end

local function live(self, one)
  while not one.stopping do
    local result, message, code = run_once(self, one)
    one.child, one.result = false, result
    self:emit("exit", one.name, result, message)
    if one.stopping then break end
    local pause = plan(self, one, result, message, code)
    if not pause then return end
    set_state(self, one, "waiting")
    self:emit("restart", one.name, pause)
    one.list:wait(pause, "the next start of a child", is_stopping, one)
    one.restarts = one.restarts + 1
  end
  set_state(self, one, "stopped")
end

local function has_settled(one)
  return not one.task or one.state == "running"
end

--- start(supervisor, one) -> true when it is ready | nil, message, code
function M.start(self, one)
  if one.task then return true end
  one.list, one.stopping, one.was_ready, one.pauses = core.list(), false, false, 0
  one.times, one.why, one.code = {}, nil, nil
  one.task = task.spawn(function()
    local _ <close> = setmetatable({}, { __close = function()
      one.task, one.child = nil, false
      one.list:wake_all()
      self._list:wake_all()
    end })
    live(self, one)
  end)
  one.task.name = "supervisor of " .. one.name
  one.list:wait(nil, "a child to be ready", has_settled, one)
  if one.state == "failed" then return nil, "supervise: " .. one.why, one.code end
  return true
end

local function is_over(one)
  return not one.task
end

--- stop(one): ends it by its signal and its grace, and waits for that
function M.stop(one)
  if not one.task then return end
  one.stopping = true
  one.list:wake_all()
  if one.child then end_child(one.child) end
  one.list:wait(nil, "a child to be stopped", is_over, one)
end

--- status(one) -> table
function M.status(one)
  local running = one.child and one.child.pid
  return {
    name = one.name, state = one.state, pid = running or nil, restarts = one.restarts,
    seconds = running and now() - one.since or nil, result = one.result or nil, error = one.why,
  }
end

return M
