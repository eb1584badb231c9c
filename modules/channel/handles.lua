-- handles.lua - sockets and servers over a channel; loaded with the first that is sent or comes:
-- child:send(message, server), local message, socket = process.receive()

local emit = require "procrun.events"._types.emitter.emit
local json = require "procrun.json"
local misuse = require "procrun.events.misuse"
local net = require "procrun.net"

local M = {}

-- What a handle is called on the wire.
local TYPES <const> = { server = "net.Server", socket = "net.Socket", udp = "dgram.Socket" }

local function is_internal(message)
  local cmd = type(message) == "table" and rawget(message, "cmd")
  return type(cmd) == "string" and #cmd > 5 and cmd:sub(1, 5) == "NODE_"
end

-- What comes --------------------------------------------------------------------------------------

-- Node wraps a line that was refused once more, and sends that.
local function unwrap(line)
  local message = line.msg
  while type(message) == "table" and rawget(message, "cmd") == "NODE_HANDLE" do
    message = message.msg
  end
  if message == nil then return json.null end
  return message
end

--- open(link, line, box, protocol_error) -> message, handle: what came as "handle". The message
--- comes alone, after an error event, where the descriptor can be made into nothing.
function M.open(link, line, box, protocol_error)
  local kind, fd = box:take()
  local handle, message, code = net._adopt(kind, fd, { on_close = function() box:close() end })
  if not handle then
    box:close()
    protocol_error(link, ("a handle cannot be used: %s"):format(message), code)
  end
  return unwrap(line), handle
end

--- internal(link, message, handle) -> boolean: a message of Node's own, which is told as an event
function M.internal(link, message, handle)
  if not is_internal(message) then return false end
  if not emit(link.owner, "internal_message", message, handle) and handle then handle:close() end
  return true
end

-- What goes ---------------------------------------------------------------------------------------

-- Sockets of a server here that the peer has got: they count as the server's until it closes them.
local Away = {}
Away.__index = Away

-- Whoever has ended has closed them, and who has refused all has none (Node would not answer then).
-- A peer that has closed its channel alone may have them still.
local function is_gone(away)
  if away.given == 0 then return true end
  local child = rawget(away.owner, "_process")
  if child then return (child:exited()) end
  return not away.core:connected()
end

--- away:count([timeout]) -> number of sockets | nil, message, code
function Away:count(timeout)
  if is_gone(self) then return 0 end
  local ok, message, code = self.core:send({ cmd = "NODE_SOCKET_GET_COUNT", key = self.key }, true)
  if not ok then return nil, message, code end
  return self.core:count(self.text, timeout)
end

--- away:closed([timeout]) -> true | nil, message, code: all are closed, or the peer is gone
function Away:closed(timeout)
  if self.given == 0 then return true end
  local ok = self.core:send({ cmd = "NODE_SOCKET_NOTIFY_CLOSE", key = self.key }, true)
  if not ok then return true end
  return self.core:all_closed(self.text, timeout)
end

local function note_away(server, link, key, text)
  local found
  for away in pairs(server._away) do
    if is_gone(away) then
      server._away[away] = nil
    elseif away.core == link.core then
      found = away
    end
  end
  if not found then
    found = { core = link.core, owner = link.owner, key = key, text = text, given = 0 }
    server._away[setmetatable(found, Away)] = true
  end
  found.given = found.given + 1
  return found
end

--- refused(away): the peer has not taken the socket that send() told so of
function M.refused(away)
  away.given = away.given - 1
end

-- The descriptor that goes, and the key of the server that a socket came from.
local function take(handle, kind, keep_open)
  if kind == "socket" and not keep_open then return net._detach(handle) end
  return net._share(handle)
end

--- kind_of(value) -> "server" | "socket" | "udp" | nil
function M.kind_of(value)
  return net._kind(value)
end

--- send(link, message, handle, keep_open) -> where its line ends, what counts the socket or nil |
--- nil, message, code
function M.send(link, message, handle, keep_open)
  local kind = net._kind(handle)
  local core = link.core
  local wrapped, err, code = core:wrap(message, TYPES[kind])
  if code == "EINVAL" then misuse("%s", err) end
  if not wrapped then return nil, err, code end
  local fd, key, server = take(handle, kind, keep_open)
  if not fd then return nil, "send: " .. key, server end
  local text = key and json.encode(key)
  local position
  position, err, code = core:send_handle(wrapped, fd, kind, text)
  if not position then return nil, err, code end
  return position, server and note_away(server, link, key, text)
end

return M
