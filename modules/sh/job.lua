-- job.lua - a command that runs beside the script: local job <close> = sh.start "npm run dev"
-- One that nobody waits for ends with the script; that it had failed before is told then.

local ending = require "procrun.proc.ending"
local core_task = require "procrun.core.task"
local verbs = require "procrun.sh.verbs"
local vm = require "procrun.core.vm"

local M = {}

local open = {} -- the jobs whose end nobody has asked for, in order; false for others
local count = 0

local methods = {}
local Job = { __name = "procrun.sh.job", methods = methods }

local function check_self(self, name)
  if type(self) ~= "table" or getmetatable(self) ~= Job then
    require "procrun.events.misuse"("call it with a colon: job:%s(...)", name)
  end
  return self
end

-- Streams and numbers are those of the child.
function Job.__index(self, key)
  local method = methods[key]
  if method then return method end
  local child = rawget(self, "_child")
  if not child or type(key) ~= "string" then return nil end
  if key == "pid" and child.children then child = child.children[#child.children] end
  return child and child[key]
end

function Job.__tostring(self)
  return ("job %s (%s)"):format(self.pid or "that did not start", self._plan.shown)
end

local function note_asked(self)
  open[self._number] = nil
end

-- What it has come to, once it has ended.
local function settle(self, r)
  if not self._result then self._result = verbs.finish(self._plan, r) end
  return self._result
end

local function has_failed(self, r)
  return not r.ok and not self._told_to_end and not verbs.is_harmless(self._plan, r)
end

--- wait([timeout]) -> result | nil, "timeout", "ETIMEDOUT"; raises the error of a failed command
function methods:wait(timeout)
  check_self(self, "wait")
  local r = self._result
  if not r then
    local message, code
    r, message, code = self._child:wait(timeout)
    if not r then return nil, message, code end
  end
  note_asked(self)
  settle(self, r)
  if has_failed(self, r) then verbs.fail(self._plan, r) end
  return r
end

local function programs(self)
  return self._child.children or { self._child }
end

--- running() -> boolean
function methods:running()
  check_self(self, "running")
  if self._result then return false end
  for _, child in ipairs(programs(self)) do
    if child.result == nil then return true end
  end
  return false
end

--- kill([signal]) -> true | nil, message, code
function methods:kill(signal)
  check_self(self, "kill")
  if not self._child then return nil, "kill: the job has not started", "ESRCH" end
  self._told_to_end = true
  return self._child:kill_tree(signal)
end

--- terminate([grace]) -> result: TERM to the tree, KILL after the grace, and waits
function methods:terminate(grace)
  check_self(self, "terminate")
  local child = self._child
  if self._result then return self._result end
  local seconds = grace ~= nil and core_task.seconds(grace)
  if self:running() then
    self._told_to_end = true
    local ends = {}
    for i, one in ipairs(programs(self)) do
      if seconds then one._kill_after = seconds end
      ends[i] = core_task.spawn(core_task.shield, ending.run, one)
    end
    for _, t in ipairs(ends) do t:wait() end
  end
  note_asked(self)
  return settle(self, (child:wait()))
end

local function tell(self, r)
  local e = require "procrun.sh.failure".new(self._plan, r)
  local text, status = e:__uncaught()
  io.stderr:write(text, "\n")
  return status
end

-- A failure before the end of the block is not lost: raised, or shown where another error is on its
-- way.
Job.__close = function(self, err)
  local was_asked = not open[self._number]
  local ended = not self:running()
  do
    local _ <close> = self._child
  end
  note_asked(self)
  if was_asked or not ended or self._detached then return end
  local r = settle(self, self._result or (self._child:wait()))
  if not has_failed(self, r) then return end
  if err == nil then verbs.fail(self._plan, r) end
  if not core_task.is_cancel(err) then tell(self, r) end
end

local function tell_at_end(code, signal)
  for i = 1, count do
    local job = open[i]
    local r = job and not job:running() and (job._result or job._child:wait())
    if r and not signal and has_failed(job, settle(job, r)) then
      local status = tell(job, r)
      if code == 0 then
        code = status
        vm.exit_code(status)
      end
    end
  end
end

local is_hooked

local function hook()
  if is_hooked then return end
  is_hooked = true
  local end_children = vm.hooks.end_children
  vm.hooks.end_children = function(code, signal)
    tell_at_end(code, signal)
    return end_children(code, signal)
  end
end

--- end_with_script(child or job of a pipeline): it keeps nothing alive, and is ended in the end
function M.end_with_script(child)
  for _, one in ipairs(child.children or { child }) do one:unref() end
  if child.stdout then child.stdout:unref() end -- an iterator that was dropped keeps nothing alive
end

--- start(plan) -> job
function M.start(plan)
  local r, child = plan.before and plan.before(plan, "start"), nil
  if not r then
    child, r = verbs.start("sh.start", plan, "start")
    if r then verbs.finish(plan, r) end
  end
  count = count + 1
  local self = setmetatable({ _child = child, _plan = plan, _number = count }, Job)
  if child then
    M.end_with_script(child)
  else
    self._result = r
  end
  open[count] = self
  hook()
  return self
end

M.methods = methods

return M
