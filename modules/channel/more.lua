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

-- take_other(link, kind, message, code): not for the script; what receive() gave
function M.take_other(link, kind, message, code)
  if kind then take_internal(link, message) else protocol_error(link, message, code) end
end

-- receive(link, timeout, kind, message, code) -> message | nil, why, code. What came first is a
-- fault or of the protocol's own: the task still stands in line.
function M.receive(link, timeout, kind, message, code)
  local deadline = timeout and now() + timeout
  while kind ~= true and kind ~= nil do
    M.take_other(link, kind, message, code)
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

local function is_handle_message(message)
  local cmd = rawget(message, "cmd")
  return type(cmd) == "string" and cmd:find("^NODE_HANDLE") ~= nil
end

-- send(link, message, …): all but a plain message alone
function M.send(link, message, ...)
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

return M
