-- dispatch.lua - the events of a child, told by one task of its own in a fixed order: spawn, then
-- messages, disconnect, exit, close. The task starts with the first listener.

local channel = require "procrun.channel"
local events = require "procrun.events"
local outcome = require "procrun.proc.outcome"
local task = require "procrun.core.task"

local M = {}

local REST = 256 * 1024 -- bytes read in after the exit for readers that may have stopped reading

-- How many bytes the listeners of each output have got once they have got what the child left.
local function note_marks(self)
  self._marks = {}
  for fd, public in pairs(self.stdio) do
    local unread, at_end = public._core:state()
    if public._given and not public._ended then
      self._marks[fd] = { public._given + public._taking + unread, at_end }
    end
  end
end

-- Have the listeners got what was there at the exit, and `end` if that was the end?
local function have_got(self)
  for fd, mark in pairs(self._marks) do
    local public = self.stdio[fd]
    if not public._ended and (mark[2] or public._given < mark[1]) then return false end
  end
  return true
end

-- After the exit what nobody takes is read in, so that the end, and with it `close`, can come.
local function read_rest(self)
  for fd, s in pairs(self._outputs) do
    local public = self.stdio[fd]
    if not s:closed() and not self._captured[fd] and not (public and public._taker) then
      s:capture((s:state()) + REST)
    end
  end
end

local function outputs_ended(self)
  for fd, s in pairs(self._outputs) do
    local _, at_end = s:state()
    local public = self.stdio[fd]
    local taken = not public or not public._taker or public._ended
    if not s:closed() and not (at_end and taken) then return false end
  end
  return true
end

-- Messages that nobody takes stay in the inbox; they do not hold up the end.
local function is_abandoned(self, link)
  local _, _, _, at_end = link.core:state()
  return at_end and link._receivers == 0 and self:listener_count("message") == 0
end

local function next_step(self)
  local link = self._link
  local talks = link and not link.ended
  if talks and link:has_work() then return true, "channel" end
  if not outcome.has_ended(self) then return false end
  if not self._marks then return true, "pull" end
  if not self._exit_told then return have_got(self), "exit" end
  if not outputs_ended(self) then return false end
  if talks then return is_abandoned(self, link), "disconnect" end
  return true, "close"
end

local steps = {}

function steps.channel(self)
  if self._link:deliver() then self._link:finish() end
end

function steps.pull(self)
  outcome.pull(self)
  note_marks(self)
end

function steps.exit(self)
  self._exit_told = true
  read_rest(self)
  local _, code, signal = self._process:exited()
  self:emit("exit", code, signal)
end

function steps.disconnect(self)
  self._link:finish()
end

function steps.close(self)
  self._closed = true
  local _, code, signal = self._process:exited()
  self:emit("close", code, signal)
end

local function dispatch(self)
  self:emit("spawn")
  while not self._closed do
    local ready, step = next_step(self) -- first, as others may stand in the list before us
    if not ready then step = self._list:wait(nil, "events of a child", next_step, self) end
    steps[step](self)
  end
end

local EVENTS = {
  spawn = true, message = true, internal_message = true, disconnect = true, exit = true,
  close = true,
}

local function on_listening(self, name, count)
  channel._listening(self, name, count)
  if count == 0 or not EVENTS[name] or self._dispatching then return end
  self._dispatching = true
  task.spawn_daemon(("events of child %d"):format(self.pid), dispatch, self)
end

--- extend(methods): makes them those of an emitter
function M.extend(methods)
  methods._listening = on_listening
  events.extend(methods)
end

return M
