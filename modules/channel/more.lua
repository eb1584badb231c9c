-- more.lua - what channel.lua loads when it is first asked for: what is no message, arguments and
-- callbacks of send, the object `child.channel`. A worker that answers messages needs none of it.

local channel = require "procrun.channel"
local emit = require "procrun.events"._types.emitter.emit
local misuse = require "procrun.events.misuse"
local new_error = require "procrun.events.error".new
local now = require "procrun.core.self".now
local task = require "procrun.core.task"

local M = {}

local GRACE <const> = 0.1 -- seconds in which a task in a loop of receive() comes back for the next
local MAX_KEY <const> = 4096 -- as C's HANDLES_KEY

-- The object `child.channel`, `process.channel` ---------------------------------------------------

local Channel = {}
local channel_meta = {__index = Channel, __name = "procrun.channel"}

local function link_of_channel(self, name)
  if getmetatable(self) ~= channel_meta then
    misuse("call it with a colon: channel:%s()", name)
  end
  return self._link
end

--- channel:ref() -> channel: while it is open it keeps this process alive
function Channel:ref()
  local link = link_of_channel(self, "ref")
  link.explicit = true
  channel._update_hold(link)
  return self
end

--- channel:unref() -> channel: it does not keep this process alive
function Channel:unref()
  local link = link_of_channel(self, "unref")
  link.explicit = false
  channel._update_hold(link)
  return self
end

M.Channel = Channel

-- new_object(link) -> the object for scripts
function M.new_object(link)
  return setmetatable({_link = link}, channel_meta)
end

-- What is no message ------------------------------------------------------------------------------

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

local handles -- loaded with the first handle

local function load_handles()
  handles = require "procrun.channel.handles"
  return handles
end

-- Of a server that no socket came from there is none. It goes by the way of C's own answers, which
-- has a limit, and from now on C sees to such lines.
local function answer_none(link, format, key)
  local text = require "procrun.json".encode(key)
  if #text <= MAX_KEY then link.core:answer(format:format(text)) end
end

-- What C has not answered: the first line of all without a descriptor, and answers to nothing.
local function take_internal(link, message)
  local cmd, key = message.cmd, message.key
  if cmd == "NODE_HANDLE" then
    link.core:answer '{"cmd":"NODE_HANDLE_NACK"}'
    protocol_error(link, "a message came that was to bring a handle, without one; it was refused",
      "EPROTO")
  elseif cmd == "NODE_SOCKET_GET_COUNT" and type(key) == "string" then
    answer_none(link, '{"cmd":"NODE_SOCKET_COUNT","key":%s,"count":0}', key)
  elseif cmd == "NODE_SOCKET_NOTIFY_CLOSE" and type(key) == "string" then
    answer_none(link, '{"cmd":"NODE_SOCKET_ALL_CLOSED","key":%s}', key)
  elseif not cmd:find "^NODE_HANDLE" then
    emit(link.owner, "internal_message", message)
  end
end

-- A message with a handle, for the listeners, or for the task that takes it.
local function open_handle(link, line, box)
  local message, handle = (handles or load_handles()).open(link, line, box, protocol_error)
  if not handles.internal(link, message, handle) then return message, handle end
end

-- take_other(link, kind, message, code): no plain message; what receive() gave
local function take_other(link, kind, message, code)
  if kind then take_internal(link, message) else protocol_error(link, message, code) end
end

-- deliver(link, kind, message, code): likewise, for the listeners
function M.deliver(link, kind, message, code)
  if kind ~= "handle" then return take_other(link, kind, message, code) end
  local opened, handle = open_handle(link, message, code)
  if opened ~= nil then emit(link.owner, "message", opened, handle) end
end

-- receive(link, timeout, kind, message, code) -> message, handle | nil, why, code. What came first
-- is no plain message: the task still stands in line.
function M.receive(link, timeout, kind, message, code)
  local deadline = timeout and now() + timeout
  while kind ~= true and kind ~= nil do
    if kind == "handle" then
      local opened, handle = open_handle(link, message, code)
      if opened ~= nil then return opened, handle end
    else
      take_other(link, kind, message, code)
    end
    kind, message, code = link.receive(deadline and math.max(0, deadline - now()))
  end
  if kind then return message end
  return nil, message, code
end

-- linger(link): the tasks that take messages are given the time to do so
function M.linger(link)
  local before = link.takes
  link.list:wait(GRACE, "its messages to be received", function()
    return link:next_step() ~= "linger"
  end)
  link.left = link.takes == before
end

-- send --------------------------------------------------------------------------------------------

-- What has become of the message that ends there.
local function outcome(link, position, has_handle)
  local ok, message, code = link.core:flush(nil, position)
  if not ok then return new_error {message = message, code = code} end
  if not has_handle or not link.core:refused(position) then return nil end
  return new_error {message = "send: the peer has refused the handle 4 times; its message is lost",
    code = "EREMOTEIO"}
end

-- That the peer does not take a handle is told though nobody has asked; that it is gone is not.
local function tell_outcome(link, callback, err)
  if callback then
    callback(err)
  elseif err and err.code == "EREMOTEIO" then
    protocol_error(link, err.message, err.code)
  end
end

-- The task that calls the callbacks of send, in their order.
local function run_callbacks(link)
  local waiting = link.callbacks
  while waiting.first <= waiting.last do
    local position, callback, has_handle, away = table.unpack(waiting[waiting.first])
    waiting[waiting.first] = nil
    waiting.first = waiting.first + 1
    local err = outcome(link, position, has_handle)
    if away and err and err.code == "EREMOTEIO" then handles.refused(away) end
    tell_outcome(link, callback, err)
  end
  link.callbacks = nil
end

local function add_callback(link, position, ...)
  local waiting = link.callbacks or {first = 1, last = 0}
  waiting.last = waiting.last + 1
  waiting[waiting.last] = {position, ...}
  if link.callbacks then return end
  link.callbacks = waiting
  task.spawn(run_callbacks, link).name = "callbacks of send"
end

local function check_options(options)
  for key, value in pairs(options) do
    if key ~= "keep_open" then
      misuse("send: unknown option '%s' (known: keep_open)", tostring(key))
    elseif type(value) ~= "boolean" then
      misuse("send: option 'keep_open': boolean expected, got %s", type(value))
    end
  end
  return options
end

local function is_object(value)
  local kind = type(value)
  return kind == "userdata" or kind == "table" and getmetatable(value) ~= nil
end

local function kind_name(value)
  local meta = getmetatable(value)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name or io.type(value) or type(value)
end

-- A handle stands in front, a function in any later place is the callback.
local function read_arguments(...)
  local handle, options
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if type(value) == "function" then return handle, options, value end
    if is_object(value) then
      if not (handles or load_handles()).kind_of(value) then
        misuse("bad argument #%d to 'send' (a server, a socket or a UDP socket of net can be sent "
          .. "as a handle, got %s)", i + 1, kind_name(value))
      elseif i > 1 then
        misuse("bad argument #%d to 'send' (the handle stands behind the message)", i + 1)
      end
      handle = value
    elseif type(value) == "table" then
      options = check_options(value)
    elseif value ~= nil then
      misuse("bad argument #%d to 'send' (handle, options or callback expected, got %s)", i + 1,
        type(value))
    end
  end
  return handle, options
end

local function is_handle_message(message)
  local cmd = rawget(message, "cmd")
  return type(cmd) == "string" and cmd:find("^NODE_HANDLE") ~= nil
end

-- Where the message ends, if it was accepted, and what counts the socket that went with it.
local function send_any(link, message, handle, options)
  if handle then
    local keep_open = options and options.keep_open
    return (handles or load_handles()).send(link, message, handle, keep_open)
  end
  local ok, err, code = link.core:send(message)
  if code == "EINVAL" then misuse("%s", err) end
  return ok and link.core:position(), err, code
end

-- send(link, message, …): all but a plain message alone
function M.send(link, message, ...)
  if message == nil then
    misuse "bad argument #1 to 'send' (nil is no message; use json.null)"
  end
  if type(message) == "table" and is_handle_message(message) then
    misuse("bad argument #1 to 'send' (the cmd '%s' belongs to the protocol)", message.cmd)
  end
  local handle, options, callback = read_arguments(...)
  local position, err, code = send_any(link, message, handle, options)
  if position then
    if callback or handle then add_callback(link, position, callback, handle ~= nil, err) end
    local ok
    ok, err, code = link.core:room() -- from here on a cancel only ends the wait
    if ok then return true end
  elseif callback then
    task.spawn(callback, new_error {message = err, code = code})
  end
  if callback then return false end
  return nil, err, code
end

return M
