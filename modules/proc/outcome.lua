-- outcome.lua - what a child leaves: its end waited for, its outputs claimed and made a result.

local capture = require "procrun.proc.capture"
local ending = require "procrun.proc.ending"
local now = require "procrun.core.self".now
local result = require "procrun.proc.result"
local task = require "procrun.core.task"

local M = {}

local AFTER_FORCE = 0.1 -- seconds that a forced end waits for a pipe that a grandchild may hold

local function has_exited(child)
  return (child._process:exited())
end

-- A look before the wait: other tasks may stand in the child's list, for other reasons, and a new
-- one is not asked before it is woken.
local function block(child, timeout, what, look)
  if look(child) then return true end
  local _, message, code = child._list:wait(timeout, what, look, child)
  if code then return nil, message, code end
  return true
end

--- pull(child): reads in what the child had written and sent before it ended
function M.pull(child)
  if child._pulled then return end
  child._pulled = true
  if child._link then child._link:pull() end
  for _, s in pairs(child._outputs) do
    if not s:closed() then s:pull() end
  end
end

--- claim(child): outputs that are piped here and that nobody reads are collected for the result
function M.claim(child)
  child._claimed = true
  for fd, s in pairs(child._outputs) do
    local public = child.stdio[fd]
    if not child._captured[fd] and not (public and public._used) and not s:closed() then
      child._captured[fd] = capture.new(s, child._max_buffer)
      if public then public._flowing = "wait() of the child" end
    end
  end
end

--- has_ended(child) -> boolean; an output that is too large begins the end
function M.has_ended(child)
  if not child._overflow then
    for _, one in pairs(child._captured) do
      if one:overflow() then
        child._overflow = true
        ending.start(child)
      end
    end
  end
  return has_exited(child)
end

-- Has a stream that listeners or another stream take from been taken to its end? Whoever takes
-- cannot wait for that.
local function is_delivered(public)
  return not public or not public._taker or public._ended or public._taker == task.current()
    or public._core:closed()
end

local function all_read(child)
  if child._result then return true end
  M.has_ended(child)
  for fd in pairs(child._outputs) do
    local one = child._captured[fd]
    if one and not one:done() then return false end
    if not one and not is_delivered(child.stdio[fd]) then return false end
  end
  return true
end

-- After a forced end the outputs are not waited for, or hardly.
local function need_not_wait(child)
  return child._forced or child.killed or all_read(child)
end

-- What is known once the child has ended. Twice: a result that was looked at before anybody waited
-- lacks the outputs, which wait() adds.
local function fill(child, r)
  local _, code, signal = child._process:exited()
  local seconds, cpu_user, cpu_system, peak = child._process:times()
  r.code, r.signal, r.seconds, r.stopped = code, signal, seconds, child._stopped
  r.timed_out = child._timed_out or false
  r.usage = { cpu_user = cpu_user, cpu_system = cpu_system, peak_rss = peak }
  r.errno = child._overflow and "ENOBUFS" or r.timed_out and "ETIMEDOUT" or r.stopped and "EIO"
    or nil
  r.ok = code == 0 and r.errno == nil
  r.error = nil
  if not r.ok then r.error = tostring(r) end
  return r
end

local function new_result(child)
  return result.new {
    command = child._command, argv = child.spawnargs, pid = child.pid,
  }
end

local function complete(child)
  if child._result then return child._result end
  local r = fill(child, child._early or new_result(child))
  for fd, one in pairs(child._captured) do
    local text = one:take()
    if fd == 1 then r.stdout = text elseif fd == 2 then r.stderr = text end
  end
  child._result = r
  if child._input then child._input:close() end -- nobody is left to read it
  ending.forget(child)
  child._list:wake_all()
  return r
end

--- peek(child) -> result | nil while it runs or while its outputs still come. Takes no output that
--- a script may still want to read.
function M.peek(child)
  if child._result then return child._result end
  if not has_exited(child) then return nil end
  if next(child._captured) then
    M.pull(child)
    return all_read(child) and complete(child) or nil
  end
  child._early = child._early or fill(child, new_result(child))
  return child._early
end

--- update_ref(child): a running child keeps this process alive, unless unref'd or forgotten; then
--- a task that waits for its end does
function M.update_ref(child)
  child._process:ref((child._waiting or 0) > 0 or not (child._unref or child._forgotten))
end

local hold_meta = {__close = function(hold)
  local child = hold[1]
  child._waiting = child._waiting - 1
  M.update_ref(child)
end}

local function hold(child)
  child._waiting = (child._waiting or 0) + 1
  M.update_ref(child)
  return setmetatable({child}, hold_meta)
end

--- wait(child, seconds or nil) -> result | nil, "timeout", "ETIMEDOUT"
function M.wait(child, timeout)
  if child._result then return child._result end
  local deadline = timeout and now() + timeout
  local function left() return deadline and math.max(0, deadline - now()) end
  M.claim(child)
  local _ <close> = hold(child)
  local ok, message, code = block(child, left(), "a child to end", M.has_ended)
  if not ok then return nil, message, code end
  M.pull(child)
  ok, message, code = block(child, left(), "the output of a child", need_not_wait)
  if not ok then return nil, message, code end
  if not all_read(child) then block(child, AFTER_FORCE, "the output of a child", all_read) end
  return complete(child)
end

--- is_over(child) -> has it ended, and has whoever waits for it got all output?
function M.is_over(child)
  return has_exited(child) and (not child._claimed or all_read(child))
end

return M
