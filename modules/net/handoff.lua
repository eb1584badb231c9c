-- handoff.lua - servers and sockets that leave for another process or come from one: what the
-- channel needs of net; loaded when the first one does.

local core = require "procrun.core.net"
local listen = require "procrun.net.listen"
local misuse = require "procrun.events.misuse"
local options = require "procrun.net.options"
local server = require "procrun.net.server"
local socket = require "procrun.net.socket"

local M = {}

local function udp()
  return package.loaded["procrun.net.udp"]
end

--- kind(value) -> "server" | "socket" | "udp" | nil
function M.kind(value)
  if socket.is_socket(value) then return "socket" end
  if server.is_server(value) then return "server" end
  if udp() and udp().is_udp(value) then return "udp" end
end

--- share(object) -> a descriptor of its own for the caller | nil, message, code
function M.share(object)
  local kind = M.kind(object)
  if kind == "udp" then return udp().share(object) end
  local fd = object:fileno()
  if not fd then return nil, tostring(object) .. " cannot be sent", "EBADF" end
  return core.duplicate(fd)
end

--- detach(socket) -> descriptor, key | nil, server | nil; or nil, message, code
function M.detach(self)
  local ok, message, code = self:flush()
  if not ok then return nil, message, code end
  local c = self._core
  if c:closed() then return nil, "the socket is closed", "EBADF" end
  local unread = c:state()
  if unread > 0 then
    return nil, ("%d bytes of this socket have been read in already and would be lost; send it "
      .. "before anything reads from it or listens to 'data'"):format(unread), "EBUSY"
  end
  local fd
  fd, message, code = core.duplicate(c:fileno())
  if not fd then return nil, message, code end
  c:close()
  self._closed = true -- it is not closed, but elsewhere: no event tells so
  self:_on_closed()
  local origin = self._origin
  return fd, origin and origin.key, origin and origin[1]
end

-- Calls fn once: when the object closes, or when the collector finds it.
local function guard(fn)
  local function once(box)
    local call = box.fn
    box.fn = nil
    if call then call() end
  end
  return setmetatable({fn = fn}, {__call = once, __gc = once})
end

local function adopt_server(fd, o)
  local self = server.new({})
  local c, key, code = listen.adopt(self, fd)
  if not c then return nil, key, code end
  self._guard = o.on_close and guard(o.on_close)
  server.started(self, c, key)
  return self
end

local function adopt_socket(fd, o)
  local c, message, code = core.adopt(fd)
  if not c then return nil, message, code end
  local self = socket.wrap(c)
  self._guard = o.on_close and guard(o.on_close)
  return self
end

--- socket(fd | {fd=, allow_half_open=}) -> socket | nil, message, code; on failure fd stays open
function M.socket(given)
  local o = type(given) == "table" and given or {fd = given}
  o = options.check("socket", o, {
    fd = options.LISTEN.fd, allow_half_open = options.SERVER.allow_half_open,
  })
  if not o.fd then misuse("socket: option 'fd' is missing") end
  local fd, c, message, code
  fd, message, code = listen.own(o.fd)
  if fd then c, message, code = core.adopt(fd, true) end
  if c then return socket.wrap(c, o.allow_half_open) end
  if fd and fd ~= o.fd then core.close_fd(fd) end
  return nil, ("socket (descriptor %d): %s"):format(o.fd, message), code
end

--- adopt(kind, fd, [options]) -> object | nil, message, code: takes the descriptor over, and closes
--- it on failure. options.on_close: called once when the object closes; it must not wait.
function M.adopt(kind, fd, given)
  local o, object, message, code = given or {}, nil, nil, nil
  if kind == "udp" then return require "procrun.net.udp".adopt(fd, given) end
  if kind == "server" then
    object, message, code = adopt_server(fd, o)
  elseif kind == "socket" then
    object, message, code = adopt_socket(fd, o)
  else
    misuse("adopt: what is a '%s'?", tostring(kind))
  end
  if object then return object end
  core.close_fd(fd)
  return nil, message, code
end

return M
