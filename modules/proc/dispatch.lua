-- dispatch.lua - the events of a child, told by one task of its own in a fixed order: spawn, then
-- messages, disconnect, exit, close. The task starts with the first listener.

local channel = require "procrun.channel"
local events = require "procrun.events"
local emit = events._types.emitter.emit
local outcome = require "procrun.proc.outcome"
local task = require "procrun.core.task"

local M = {}

local NONE <const> = {} -- the streams of a child that nobody has looked at
local REST = 256 * 1024 -- bytes read in after the exit for readers that may have stopped reading

-- How many bytes the listeners of each output have got once they have got what the child left.
local function marks_of(self)
  local marks = {}
  for fd, public in pairs(self._public or NONE) do
    local unread, at_end = public._core:state()
    if public._given and not public._ended then
      marks[fd] = { public._given + public._taking + unread, at_end }
    end
  end
  return marks
end

-- Have the listeners got what was there at the exit, and `end` if that was the end?
local function have_got(self, marks)
  for fd, mark in pairs(marks) do
    local public = self._public[fd]
    if not public._ended and (mark[2] or public._given < mark[1]) then return false end
  end
  return true
end

-- After the exit what nobody takes is read in, so that the end, and with it `close`, can come.
local function read_rest(self)
  local shown = self._public or NONE
  for fd = 1, self._last do
    local s, public = self._streams[fd], shown[fd]
    local taken = self._captured[fd] or public and public._taker
    if s and not taken and not s:closed() then s:capture((s:state()) + REST) end
  end
end

local function outputs_ended(self)
  local shown = self._public or NONE
  for fd = 1, self._last do
    local s, public = self._streams[fd], shown[fd]
    if s and not s:closed() then
      local taken = not public or not public._taker or public._ended
      if not taken or not s:gathered() then return false end
    end
  end
  return true
end

local function is_read(public)
  local piped = public._ended and not public._dispatches
  return public._used and not piped
end

-- A stream that nobody reads tells its end and its close here. One that holds bytes is left as it
-- is: a script may still read them.
local function tell_streams(self)
  local shown = self._public or NONE
  for fd = 0, self._last do
    local public, ended = shown[fd], self._captured[fd] ~= nil
    if public then
      local c = public._core
      if fd > 0 and not (ended or is_read(public) or c:closed()) then
        local unread, at_end = c:state()
        ended = at_end and unread == 0
        if ended then c:close() end
      end
      if ended or c:closed() then public:_tell_over(ended) end
    end
  end
end

-- What comes beside messages: a step, nil, or false: nothing before the bell rings. The channel's
-- steps come first: the exit is told after the messages, and after `disconnect`.
local function next_step(self)
  local link, told = self._link, self._told
  if told.close then return "done" end
  if link then
    local step, pending = link:next_step()
    if step or pending then return step end
  end
  if not outcome.has_ended(self) then return false end
  if not told.marks then return "pull" end
  if not told.exit then return have_got(self, told.marks) and "exit" or nil end
  if link and not link.ended then return nil end
  return outputs_ended(self) and "close" or nil
end

local function look(self)
  local step = next_step(self)
  return step, step
end

local steps = {}

function steps.pull(self)
  outcome.pull(self)
  self._told.marks = marks_of(self)
end

function steps.exit(self)
  self._told.exit = true
  read_rest(self)
  local _, code, signal = self._process:exited()
  emit(self, "exit", code, signal)
end

function steps.close(self)
  self._told.close = true
  outcome.close_input(self)
  tell_streams(self)
  local _, code, signal = self._process:exited()
  emit(self, "close", code, signal)
end

-- To the end, and later again for messages that were left, when a listener asks for them.
local function dispatch(self, told)
  if not told.spawn then
    told.spawn = true
    emit(self, "spawn")
  end
  local list, link = self._list, self._link
  while true do
    local step
    if link then
      step = link:deliver(next_step, self)
    else
      step = list:wait_events(nil, "events of a child", look, self)
      task.busy(true)
    end
    if step == "done" then break end
    if steps[step] then steps[step](self) else link:run(step) end
    task.busy(false)
  end
  told.running = false
end

local EVENTS = {
  spawn = true, message = true, internal_message = true, disconnect = true, exit = true,
  close = true,
}

local function start(self)
  local told = self._told
  if not told then
    told = { running = false, spawn = false, marks = false, exit = false, close = false }
    self._told = told
  end
  if told.running then return end
  told.running = true
  task.spawn_daemon("events of child " .. self.pid, dispatch, self, told)
end

local function on_listening(self, name, count)
  channel._listening(self, name, count)
  if count > 0 and EVENTS[name] then start(self) end
end

--- extend(methods): makes them those of an emitter
function M.extend(methods)
  methods._listening, methods._dispatch = on_listening, start
  events.extend(methods)
end

return M
