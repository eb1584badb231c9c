-- channel.lua - messages between a parent and its child: send, receive, messages, flush, disconnect.
-- The same methods stand on `process` (towards the parent) and on every child with a channel.

local core_self = require "procrun.core.self"
local new_error = require "procrun.events.error".new
local task = require "procrun.core.task"

local now = core_self.now
local M = {}

-- The rules of one end ---------------------------------------------------------------------------

local Link = {}
Link.__index = Link

-- What holds the process: an explicit ref or unref; else for a parent the open channel itself, for a
-- child its listeners (section 1.6 of Node's behaviour).
local function update_hold(link)
  local hold = link._explicit
  if hold == nil then
    hold = link._parent_side or link._listeners.message > 0 or link._listeners.disconnect > 0
  end
  if not link.core:closed() then link.core:hold(hold) end
end

--- ref(): the open channel keeps this process alive
function Link:ref()
  self._explicit = true
  update_hold(self)
end

--- unref(): the channel does not keep this process alive
function Link:unref()
  self._explicit = false
  update_hold(self)
end

local function is_internal(message)
  if type(message) ~= "table" then return false end
  local cmd = message.cmd
  return type(cmd) == "string" and #cmd > 5 and cmd:sub(1, 5) == "NODE_"
end

local function protocol_error(link, message, code)
  local owner = link.owner
  if owner:listener_count("error") > 0 then
    owner:emit("error", new_error {message = link.name .. ": " .. message, code = code})
  elseif not link._warned then
    link._warned = true
    io.stderr:write("procrun: ", link.name, ": ", message,
      " (listen to 'error' to handle such events; this is told once)\n")
  end
end

-- Node waits for an answer to every handle; none can be taken here, so it is told at once.
local function take_internal(link, message)
  if message.cmd == "NODE_HANDLE" then
    link.core:send {cmd = "NODE_HANDLE_NACK"}
    protocol_error(link, "a handle was sent, which this version cannot receive", "ENOTSUP")
  elseif message.cmd ~= "NODE_HANDLE_ACK" and message.cmd ~= "NODE_HANDLE_NACK" then
    link.owner:emit("internal_message", message)
  end
end

-- The next message for the script: true, message | nil, why, code.
local function next_message(link, timeout)
  local deadline = timeout and now() + task.seconds(timeout)
  while true do
    local ok, message, code = link.core:receive(deadline and math.max(0, deadline - now()))
    if ok == nil then return nil, message, code end
    if not ok then
      protocol_error(link, message, code)
    elseif is_internal(message) then
      take_internal(link, message)
    else
      return true, message
    end
  end
end

-- Delivers what is there to the `message` listeners; true when the channel has come to its end.
function Link:deliver()
  local owner = self.owner
  while owner:listener_count("message") > 0 do
    local ok, message, code = next_message(self, 0)
    if ok then
      owner:emit("message", message)
    else
      return code == "EPIPE"
    end
  end
  local _, unread, _, eof = self.core:state()
  if not eof then return false end
  if unread == 0 then return true end
  return not self.core:ready() -- what is left is no whole line
end

--- is there anything for deliver to do?
function Link:has_work()
  if self.ended then return false end
  local _, unread, _, eof = self.core:state()
  if eof and unread == 0 then return true end
  return self.owner:listener_count("message") > 0 and self.core:ready()
end

--- connected() -> boolean
function Link:connected()
  return (self.core:state())
end

--- The end was reached: closes our side and tells the listeners, once.
function Link:finish()
  if self.ended then return end
  self.ended = true
  self.core:close()
  self.owner:emit("disconnect")
end

--- _link(owner, core, list, name, parent_side) -> link; becomes owner's channel
function M._link(owner, core_channel, list, name, parent_side)
  local link = setmetatable({owner = owner, core = core_channel, list = list, name = name,
    _parent_side = parent_side, _receivers = 0, _listeners = {message = 0, disconnect = 0}}, Link)
  update_hold(link)
  return link
end

-- The methods -------------------------------------------------------------------------------------

local methods = {}

local function release(taker)
  taker.link._receivers = taker.link._receivers - 1
end

-- Counts the tasks that take messages, while they do.
local function new_taker(link)
  link._receivers = link._receivers + 1
  return setmetatable({link = link}, {__close = release})
end

local function link_of(self, name)
  if type(self) ~= "table" then
    error(("call it with a colon: object:%s(...)"):format(name), 3)
  end
  local link = rawget(self, "_link")
  if not link then error(("%s: not started with a channel"):format(name), 3) end
  return link
end

local function notify(link, callback)
  task.spawn(function()
    local ok, message, code = link.core:flush()
    if ok then callback(nil) else callback(new_error {message = message, code = code}) end
  end)
end

-- A function in any later place is the callback; a handle cannot be sent.
local function read_arguments(...)
  local callback
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if type(value) == "function" then
      callback = value
      break
    elseif type(value) == "userdata" or type(value) == "table" and (value.fileno or value._core) then
      error(("bad argument #%d to 'send' (this version cannot send handles)"):format(i + 1), 3)
    elseif value ~= nil and type(value) ~= "table" then
      error(("bad argument #%d to 'send' (options or callback expected, got %s)"):format(i + 1,
        type(value)), 3)
    elseif value then
      for key in pairs(value) do
        if key ~= "keep_open" then
          error(("send: unknown option '%s' (known: keep_open)"):format(tostring(key)), 3)
        end
      end
    end
  end
  return callback
end

--- send(message, [handle], [options], [callback]) -> true | nil, message, code
function methods:send(message, ...)
  local link = link_of(self, "send")
  if message == nil then error("bad argument #1 to 'send' (nil is no message; use json.null)", 2) end
  if is_internal(message) and message.cmd:find("^NODE_HANDLE") then
    error("bad argument #1 to 'send' (the cmd '" .. message.cmd .. "' belongs to the protocol)", 2)
  end
  local callback = select("#", ...) > 0 and read_arguments(...)
  local ok, err, code = link.core:send(message)
  if code == "EINVAL" then error(err, 2) end
  if not callback then return ok, err, code end
  if ok then
    notify(link, callback)
    return true
  end
  task.spawn(callback, new_error {message = err, code = code})
  return false
end

local function check_taker(self, name)
  if self:listener_count("message") > 0 then
    error(("%s: a listener takes the messages ('message'); use one or the other"):format(name), 3)
  end
end

--- receive([timeout]) -> message | nil, "disconnected", "EPIPE" | nil, "timeout", "ETIMEDOUT"
function methods:receive(timeout)
  local link = link_of(self, "receive")
  check_taker(self, "receive")
  local _ <close> = new_taker(link)
  local ok, message, code = next_message(link, timeout)
  if ok then return message end
  return nil, message, code
end

--- messages() -> iterator of messages, until the channel is disconnected
function methods:messages()
  local link = link_of(self, "messages")
  check_taker(self, "messages")
  local taker = new_taker(link)
  return function()
    local ok, message = next_message(link)
    if ok then return message end
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

M.methods = methods

--- _listening(owner, name, count): from the owner's hook of the same name, before a listener is
--- added and after one was removed
function M._listening(owner, name, count)
  local link = rawget(owner, "_link")
  if not link then return end
  if name == "message" and count > 0 and link._receivers > 0 then
    error("on: a task takes the messages (receive or messages); use one or the other", 5)
  end
  if not link._listeners[name] then return end
  link._listeners[name] = count
  update_hold(link)
  link.list:wake_all()
end

return M
