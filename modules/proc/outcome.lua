-- outcome.lua - what a child leaves: its end waited for, its outputs claimed and made a result.

local command = require "procrun.proc.command"
local ending = require "procrun.proc.ending"
local new_result = require "procrun.proc.result".new
local now = require "procrun.core.self".now
local task = require "procrun.core.task"

local M = {}

M.CLAIMED = "wait() of the child, called before," -- who takes a claimed output, as an error says it

local AFTER_FORCE <const> = 0.1 -- seconds that a forced end waits for a pipe of a grandchild
M.AFTER_FORCE = AFTER_FORCE

local function has_exited(child)
  return (child._process:exited())
end

-- A look before the wait where other tasks stand in the child's list, for other reasons: there a
-- new one is not asked before it is woken.
local function block(child, deadline, what, look)
  local list = child._list
  if list:waiting() and look(child) then return true end
  local timeout = deadline and math.max(0, deadline - now())
  local _, message, code = list:wait(timeout, what, look, child)
  if code then return nil, message, code end
  return true
end

--- pull(child): reads in what the child had written and sent before it ended
function M.pull(child)
  if child._pulled then return end
  child._pulled = true
  if child._link then child._link:pull() end
  local streams = child._streams
  for fd = 1, child._last do
    local s = streams[fd]
    if s then s:pull() end
  end
end

--- claim(child): outputs that are piped here and that nobody reads are collected for the result
function M.claim(child)
  if child._claimed then return end
  child._claimed = true
  local captured, public = {}, child._public
  for fd = 1, child._last do
    local s, one = child._streams[fd], public and public[fd]
    captured[fd] = child._captured[fd]
    if s and not captured[fd] and not (one and one._used) and not s:closed() then
      captured[fd] = s
      s:capture(child._max_buffer + 1)
      if one then one._flowing = M.CLAIMED end
    end
  end
  child._captured = captured
end

local function note_overflow(child)
  if child._overflow then return end
  child._overflow = true
  ending.start(child)
end

--- has_ended(child) -> boolean; an output that is too large begins the end
function M.has_ended(child)
  local captured = child._captured
  for fd = 1, child._last do
    local one = captured[fd]
    if one then
      local _, too_much = one:gathered()
      if too_much then note_overflow(child) end
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
  local captured, public, all = child._captured, child._public, true
  for fd = 1, child._last do
    local one = captured[fd]
    if one then
      local at_end, too_much = one:gathered()
      if too_much then note_overflow(child) end
      all = all and at_end
    elseif public and child._streams[fd] then
      all = all and is_delivered(public[fd])
    end
  end
  return all
end

-- After a forced end the outputs are not waited for, or hardly.
local function need_not_wait(child)
  return child._forced or child.killed or all_read(child)
end

-- What is known once the child has ended.
local function status(child)
  local process, forced = child._process, child._forced
  local _, code, signal = process:exited()
  local seconds, usage = process:times()
  local timed_out = forced and child._timed_out or false
  local stopped = forced and child._stopped or nil
  local errno = child._overflow and "ENOBUFS" or timed_out and "ETIMEDOUT" or stopped and "EIO"
    or nil
  local limit
  if child._options.limits and code ~= 0 and not errno then
    limit, errno = require "procrun.proc.limits".struck(child, code, signal, usage)
  end
  local r = new_result {
    command = child._line or command.show(child.spawnfile, child.spawnargs, 2), limit = limit,
    argv = child._options.visible or child.spawnargs, pid = child.pid,
    ok = code == 0 and errno == nil, code = code, signal = signal, seconds = seconds,
    timed_out = timed_out, stopped = stopped, errno = errno,
    usage = usage, timeout = timed_out and child._options.timeout or nil,
    stdout = nil, stderr = nil, error = nil, -- room for them
  }
  if not r.ok then r.error = tostring(r) end
  return r
end

-- The result that was looked at before anybody waited lacks the outputs: it is filled anew.
local function refill(early, r)
  early.error = nil
  for key, value in pairs(r) do early[key] = value end
  return early
end

--- close_input(child): nobody is left to read it
function M.close_input(child)
  local input = child._streams[0]
  if input then input:close() end
end

local function complete(child)
  if child._result then return child._result end
  local r, captured = status(child), child._captured
  if child._early then r = refill(child._early, r) end
  for fd = 1, child._last do
    local one = captured[fd]
    if one then
      local text = one:take(child._max_buffer)
      if fd == 1 then r.stdout = text elseif fd == 2 then r.stderr = text end
      child._streams[fd]:close()
    end
  end
  child._result = r
  M.close_input(child)
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
  child._early = child._early or status(child)
  return child._early
end

-- Of a child that was unref'd, each piped output still holds until it is unref'd or closed, too.
local function outputs_hold(child)
  for fd, public in pairs(child.stdio) do
    if fd > 0 and not public._loose and not public._core:closed() then return true end
  end
  return false
end

--- update_ref(child): a running child keeps this process alive, unless unref'd or forgotten; then
--- its outputs do, or a task that waits for its end
function M.update_ref(child)
  local holds = child._waiting > 0 or not child._loose
  child._process:ref(holds or not child._forgotten and outputs_hold(child))
end

local hold_meta = {__close = function(hold)
  local child = hold[1]
  child._waiting = child._waiting - 1
  if child._loose then M.update_ref(child) end
end}

local function hold(child)
  child._waiting = child._waiting + 1
  if child._loose then M.update_ref(child) end
  return setmetatable({child}, hold_meta)
end

--- wait(child, seconds or nil) -> result | nil, "timeout", "ETIMEDOUT"
function M.wait(child, timeout)
  if child._result then return child._result end
  local deadline = timeout and now() + timeout
  M.claim(child)
  local _ <close> = hold(child)
  local ok, message, code = block(child, deadline, "a child to end", M.has_ended)
  if not ok then return nil, message, code end
  M.pull(child)
  if not all_read(child) then
    ok, message, code = block(child, deadline, "the output of a child", need_not_wait)
    if not ok then return nil, message, code end
    block(child, now() + AFTER_FORCE, "the output of a child", all_read)
    if child._shows then require "procrun.proc.shown".settle(child) end
  end
  return complete(child)
end

--- wait_exit(child, seconds or nil, look): until look(child), which sees the exit, is true
function M.wait_exit(child, timeout, look)
  local _ <close> = hold(child)
  block(child, timeout and now() + timeout, "a child to end", look)
end

--- is_over(child) -> has it ended, and has whoever waits for it got all output?
function M.is_over(child)
  return has_exited(child) and (not child._claimed or all_read(child))
end

return M
