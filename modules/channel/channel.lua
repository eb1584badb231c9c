-- channel.lua - messages between a parent and its child: send, receive, messages, disconnect.
-- The same methods stand on `process` (towards the parent) and on every child with a channel.

local core = require "procrun.core.channel"
local core_self = require "procrun.core.self"
local events = require "procrun.events"
local misuse = require "procrun.events.misuse"
local new_error = require "procrun.events.error".new
local task = require "procrun.core.task"

local emit, now = events._types.emitter.emit, core_self.now

local GRACE <const> = 0.1 -- seconds in which a task in a loop of receive() comes back for the next

-- The object `child.channel`, `process.channel` ---------------------------------------------------

local Channel = {}
local channel_meta = {__index = Channel, __name = "procrun.channel"}

local function link_of_channel(self, name)
  if getmetatable(self) ~= channel_meta then
    misuse("call it with a colon: channel:%s()", name)
  end
  return self._link
end

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

--- channel:ref() -> channel: while it is open it keeps this process alive
function Channel:ref()
  local link = link_of_channel(self, "ref")
  link.explicit = true
  update_hold(link)
  return self
end

--- channel:unref() -> channel: it does not keep this process alive
function Channel:unref()
  local link = link_of_channel(self, "unref")
  link.explicit = false
  update_hold(link)
  return self
end

-- One end: what its owner (a child object, or `process`) needs of it ------------------------------

local Link = {}
Link.__index = Link

local function is_handle_message(message)
  local cmd = rawget(message, "cmd")
  return type(cmd) == "string" and cmd:find("^NODE_HANDLE") ~= nil
end

local function protocol_error(link, message, code)
  local owner = link.owner
  if owner:listener_count("error") > 0 then
    emit(owner, "error", new_error {message = link.name .. ": " .. message, code = code})
  elseif not link.warned then
    link.warned = true
    io.stderr:write("procrun: ", link.name, ": ", message,
      " (listen to 'error' to handle such events; this is told once)\n")
  end
end

-- Node waits for an answer to every handle; none can be taken here, so it is told at once. It may
-- then try again, with its own first message as the message.
local function take_internal(link, message)
  if message.cmd == "NODE_HANDLE" then
    local again = type(message.msg) == "table" and message.msg.cmd == "NODE_HANDLE"
    link.core:claim()
    link.core:send({cmd = "NODE_HANDLE_NACK"}, true)
    if not again then
      protocol_error(link, "a handle was sent, which this version cannot receive", "ENOTSUP")
    end
  elseif message.cmd ~= "NODE_HANDLE_ACK" and message.cmd ~= "NODE_HANDLE_NACK" then
    emit(link.owner, "internal_message", message)
  end
end

-- Something came that is not for the script: what receive() gave.
local function take_other(link, kind, message, code)
  if kind then take_internal(link, message) else protocol_error(link, message, code) end
end

-- The next message for the script, after what receive() gave: true, message | nil, why, code.
local function next_message(link, deadline, kind, message, code)
  while kind ~= true and kind ~= nil do
    take_other(link, kind, message, code)
    kind, message, code = link.receive(deadline and math.max(0, deadline - now()))
  end
  return kind, message, code
end

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
    elseif kind == false or kind == "internal" then
      take_other(self, kind, message, code)
    else
      return kind
    end
  end
end

local steps = {}

function steps.linger(link)
  local before = link.takes
  link.list:wait(GRACE, "its messages to be received", function()
    return link:next_step() ~= "linger"
  end)
  link.left = link.takes == before
end

function steps.finish(link)
  link.ended = true
  link.core:finish()
  emit(link.owner, "disconnect")
end

--- run(step): what next_step named
function Link:run(step)
  steps[step](self)
end

--- connected() -> boolean
function Link:connected()
  return self.core:connected()
end

--- handle() -> the object for scripts | nil when disconnected
function Link:handle()
  if not self.core:connected() then return nil end
  self.object = self.object or setmetatable({_link = self}, channel_meta)
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

-- The task that calls the callbacks of send, in their order.
local function run_callbacks(link)
  local waiting = link.callbacks
  while waiting.first <= waiting.last do
    local position, callback = table.unpack(waiting[waiting.first])
    waiting[waiting.first] = nil
    waiting.first = waiting.first + 1
    local ok, message, code = link.core:flush(nil, position)
    if ok then callback(nil) else callback(new_error {message = message, code = code}) end
  end
  link.callbacks = nil
end

local function add_callback(link, position, callback)
  local waiting = link.callbacks or {first = 1, last = 0}
  waiting.last = waiting.last + 1
  waiting[waiting.last] = {position, callback}
  if link.callbacks then return end
  link.callbacks = waiting
  task.spawn(run_callbacks, link).name = "callbacks of send"
end

local function check_options(options)
  for key in pairs(options) do
    if key ~= "keep_open" then
      misuse("send: unknown option '%s' (known: keep_open)", tostring(key))
    end
  end
end

-- A function in any later place is the callback; a handle cannot be sent.
local function read_arguments(...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    local kind = type(value)
    if kind == "function" then return value end
    if kind == "userdata" or kind == "table" and (value.fileno or value._core) then
      misuse("bad argument #%d to 'send' (this version cannot send handles)", i + 1)
    elseif kind == "table" then
      check_options(value)
    elseif value ~= nil then
      misuse("bad argument #%d to 'send' (options or callback expected, got %s)", i + 1,
        kind)
    end
  end
end

-- What the C half hands on: all but a plain message alone.
local function send(self, message, ...)
  local link = link_of(self, "send")
  if message == nil then
    misuse "bad argument #1 to 'send' (nil is no message; use json.null)"
  end
  if type(message) == "table" and is_handle_message(message) then
    misuse("bad argument #1 to 'send' (the cmd '%s' belongs to the protocol)", message.cmd)
  end
  local callback = select("#", ...) > 0 and read_arguments(...)
  local ok, err, code = link.core:send(message)
  if code == "EINVAL" then misuse("%s", err) end
  if not callback then return ok, err, code end
  if ok then
    add_callback(link, link.core:position(), callback)
    return true
  end
  task.spawn(callback, new_error {message = err, code = code})
  return false
end

--- send(message, [handle], [options], [callback]) -> true | nil, message, code
methods.send = core.send_method(send, misuse)

local function check_taker(link, name)
  if link.counts.message > 0 then
    misuse("%s: a listener takes the messages ('message'); use one or the other", name)
  end
end

-- A fault, or a message of the protocol's own, came first: the task still stands in line.
local function receive_later(link, timeout, kind, message, code)
  local _ <close> = new_taker(link)
  local deadline = timeout and now() + timeout
  kind, message, code = next_message(link, deadline, kind, message, code)
  if kind then return message end
  return nil, message, code
end

--- receive([timeout]) -> message | nil, "disconnected", "EPIPE" | nil, "timeout", "ETIMEDOUT"
function methods:receive(timeout)
  local link = link_of(self, "receive")
  check_taker(link, "receive")
  if timeout ~= nil then timeout = task.seconds(timeout) end
  link.takes, link.taken = link.takes + 1, true
  local kind, message, code = link.receive(timeout)
  if kind == true then return message end
  if kind == nil then return nil, message, code end
  return receive_later(link, timeout, kind, message, code)
end

--- messages() -> iterator of messages, until the channel is disconnected
function methods:messages()
  local link = link_of(self, "messages")
  check_taker(link, "messages")
  local taker, receive = new_taker(link), link.receive
  return function()
    local kind, message, code = receive()
    if kind == true then return message end
    kind, message = next_message(link, nil, kind, message, code)
    if kind then return message end
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
  _types = {channel = Channel, peer = methods}, _methods = methods, _dotted = dotted,
}

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
  if not link or not link.counts[name] then return end
  if name == "message" and count > 0 and is_awaited(link) then
    misuse "on: a task takes the messages (receive or messages); use one or the other"
  end
  link.counts[name] = count
  link.core:listen(link.counts.message > 0)
  update_hold(link)
  link.list:wake_all()
end

return M
