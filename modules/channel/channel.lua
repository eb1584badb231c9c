-- channel.lua - messages between a parent and its child: send, receive, messages, disconnect.
-- The same methods stand on `process` (towards the parent) and on every child with a channel.

local core = require "procrun.core.channel"
local events = require "procrun.events"
local misuse = require "procrun.events.misuse"
local task = require "procrun.core.task"

local emit = events._types.emitter.emit

-- What holds the process: an explicit ref or unref; else for a parent the open channel itself, for
-- a child its listeners (as with Node).
local function update_hold(link)
  local hold = link.explicit
  if hold == nil then
    local counts = link.counts
    hold = link.parent_side or counts.message > 0 or counts.disconnect > 0
  end
  link.core:hold(hold)
end

-- One end: what its owner (a child object, or `process`) needs of it ------------------------------

-- What an idle worker does not need stands in more.lua.
local more

local function load_more()
  more = require "procrun.channel.more"
  return more
end

local Link = {}
Link.__index = Link

-- Does a task wait for messages, or walk over them?
local function is_awaited(link)
  return link.receivers > 0 or link.core:awaited()
end

-- What the dispatch task of the owner has to do next beside messages: the name of a step, or nil;
-- and whether the end was reached and is still to be told.
function Link:next_step()
  local eof, has_line, has_fault = self.state()
  local due = has_line and self.counts.message > 0 or has_fault
  if due or self.ended or not eof then return nil, false end
  if not has_line or not self.taken or self.left then return "finish", true end
  -- Tasks take the messages: they are given the time to do so, and the end is told after the last.
  return not is_awaited(self) and "linger" or nil, true
end

--- deliver(look, object) -> step: gives messages to the listeners until look names what is due
function Link:deliver(look, object)
  local next_event, owner = self.next_event, self.owner
  local alone
  while true do
    local kind, message, code = next_event(look, object)
    if kind == true then
      alone = alone or events._alone(owner)
      local listener = alone.message
      if listener then listener(message) else emit(owner, "message", message) end
    elseif kind == false or kind == "internal" or kind == "handle" then
      (more or load_more()).deliver(self, kind, message, code)
    else
      return kind
    end
  end
end

--- run(step): what next_step named
function Link:run(step)
  if step == "linger" then return (more or load_more()).linger(self) end
  self.ended = true
  self.core:finish()
  emit(self.owner, "disconnect")
end

--- connected() -> boolean
function Link:connected()
  return self.core:connected()
end

--- handle() -> the object for scripts | nil when disconnected
function Link:handle()
  if not self.core:connected() then return nil end
  self.object = self.object or (more or load_more()).new_object(self)
  return self.object
end

--- pull(): reads in what the peer has sent so far
function Link:pull()
  self.core:pull()
end

--- drop(): nobody is interested any more; what was sent still goes out
function Link:drop()
  self.explicit = false
  self.core:hold(false)
  self.core:disconnect()
end

--- unref(): as channel:unref()
function Link:unref()
  self.explicit = false
  update_hold(self)
end

-- The methods -------------------------------------------------------------------------------------

local methods = {}

local function release(taker)
  local link = taker.link
  if not link then return end
  taker.link = nil
  link.receivers = link.receivers - 1
  if link.receivers == 0 then link.list:wake_all() end
end

local taker_meta = {__close = release, __gc = release}

-- Counts the tasks that take messages, while they do.
local function new_taker(link)
  link.receivers = link.receivers + 1
  link.taken = true
  return setmetatable({link = link}, taker_meta)
end

-- An owner without a channel has false there.
local function link_of(self, name)
  local link = type(self) == "table" and rawget(self, "_link")
  if link then return link end
  if type(self) ~= "table" or link == nil then
    misuse("call it with a colon: object:%s(...)", name)
  end
  misuse("%s: not started with a channel", name)
end

-- What the C half hands on: all but a plain message alone.
local function send(self, message, ...)
  return (more or load_more()).send(link_of(self, "send"), message, ...)
end

--- send(message, [handle], [options], [callback]) -> true | nil, message, code
methods.send = core.send_method(send, misuse)

local function check_taker(link, name)
  if link.counts.message > 0 then
    misuse("%s: a listener takes the messages ('message'); use one or the other", name)
  end
end

--- receive([timeout]) -> message, handle | nil, "disconnected", "EPIPE" | nil, "timeout", code
function methods:receive(timeout)
  local link = link_of(self, "receive")
  check_taker(link, "receive")
  if timeout ~= nil then timeout = task.seconds(timeout) end
  link.takes, link.taken = link.takes + 1, true
  local kind, message, code = link.receive(timeout)
  if kind == true then return message end
  if kind == nil then return nil, message, code end
  local _ <close> = new_taker(link)
  return (more or load_more()).receive(link, timeout, kind, message, code)
end

--- messages() -> iterator of messages and handles, until the channel is disconnected
function methods:messages()
  local link = link_of(self, "messages")
  check_taker(link, "messages")
  local taker, receive = new_taker(link), link.receive
  return function()
    local kind, message, code = receive()
    if kind == true then return message end
    if kind ~= nil then
      local handle
      message, handle = (more or load_more()).receive(link, nil, kind, message, code)
      if message ~= nil then return message, handle end
    end
    release(taker)
    return nil
  end, nil, nil, taker
end

--- flush([timeout]) -> true | nil, message, code: the kernel has everything that was sent
function methods:flush(timeout)
  return link_of(self, "flush").core:flush(timeout)
end

--- disconnect(): what was sent still arrives; a second call does nothing
function methods:disconnect()
  local link = link_of(self, "disconnect")
  link.core:disconnect()
  link.list:wake_all()
end

-- For the owners ----------------------------------------------------------------------------------

-- `send` of an owner that may also be called with a dot.
local function dotted(owner)
  return core.send_method(send, misuse, owner, owner._link.core)
end

local M = {
  _types = {peer = methods}, _methods = methods, _dotted = dotted, _update_hold = update_hold,
}

setmetatable(M._types, {__index = function(types, name)
  if name ~= "channel" then return nil end
  types.channel = (more or load_more()).Channel
  return types.channel
end})

--- _link(owner, core, list, name, parent_side) -> link
function M._link(owner, core_channel, list, name, parent_side)
  local receive, next_event, state = core_channel:functions()
  local link = setmetatable({
    owner = owner, core = core_channel, receive = receive, next_event = next_event,
    state = state, list = list, name = name, parent_side = parent_side,
    receivers = 0, takes = 0, counts = {message = 0, disconnect = 0},
  }, Link)
  update_hold(link)
  return link
end

--- _listening(owner, name, count): from the owner's hook of the same name, before a listener is
--- added and after one was removed
function M._listening(owner, name, count)
  local link = rawget(owner, "_link")
  local counts = link and link.counts
  if not counts or not counts[name] and name ~= "internal_message" then return end
  if name == "message" and count > 0 and is_awaited(link) then
    misuse "on: a task takes the messages (receive or messages); use one or the other"
  end
  counts[name] = count
  link.core:listen(counts.message > 0, (counts.internal_message or 0) > 0)
  update_hold(link)
  link.list:wake_all()
end

return M
