-- server.lua - servers: what net.listen and net.create_server return.
-- for socket in server:connections() do … end; server:on("connection", function(socket) … end)

local core = require "procrun.core.net"
local core_task = require "procrun.core.task"
local events = require "procrun.events"
local make_index = require "procrun.events.index"
local misuse = require "procrun.events.misuse"
local new_error = require "procrun.events.error".new
local now = require "procrun.core.self".now
local options = require "procrun.net.options"
local socket = require "procrun.net.socket"

local methods, properties = {}, {}
local M = {}

local Server = {
  __name = "procrun.server",
  __index = make_index(methods, properties),
  __newindex = function(self, key, value)
    if key == "max_connections" then
      if value ~= nil and (math.type(value) ~= "integer" or value < 0) then
        misuse("max_connections: a count expected, got %s", tostring(value))
      end
      key = "_most"
    end
    rawset(self, key, value)
  end,
}

--- is_server(value) -> boolean
function M.is_server(value)
  return getmetatable(value) == Server
end

local function check_self(self, name)
  if getmetatable(self) ~= Server then misuse("call it with a colon: server:%s(...)", name) end
end

local function core_of(self, name)
  check_self(self, name)
  if not self._core then misuse("%s: the server does not listen yet", name) end
  return self._core
end

function properties.listening(self)
  local c = rawget(self, "_core")
  return c ~= nil and not c:closed()
end

function properties.max_connections(self)
  return rawget(self, "_most")
end

--- new(checked options) -> a server that does not listen yet
function M.new(own)
  local self = setmetatable({_options = own, _list = core_task.list(), _away = {}}, Server)
  self._box = setmetatable({self}, {__mode = "v"}) -- by which its sockets find it, if it is there
  return self
end

--- address() -> {address=, port=, family=} | path | nil when it does not listen
function methods:address()
  check_self(self, "address")
  local fd = self:fileno()
  if fd then return socket.address_of(core.name(fd)) end
end

--- fileno() -> descriptor | nil when it does not listen
function methods:fileno()
  check_self(self, "fileno")
  return self._core and self._core:fileno()
end

function Server.__tostring(self)
  local fd = self:fileno()
  if not fd then return self._core and "server (closed)" or "server (not listening)" end
  local address, port = core.name(fd)
  return ("server (descriptor %d, %s)"):format(fd, socket.shown(address, port))
end

-- More than max_connections: closed at once, as Node does.
local function is_full(self, c, core_socket)
  local most = rawget(self, "_most")
  if not most or c:count() <= most then return false end
  local address, port, family = core.peer(core_socket)
  core_socket:close()
  if self:listener_count("drop") > 0 then
    self:emit("drop", socket.address_of(address, port, family))
  end
  return true
end

-- The next connection that is let in.
local function take(self, c, timeout, for_dispatch)
  local deadline = timeout and now() + timeout
  while true do
    local left = deadline and math.max(0, deadline - now())
    local core_socket, message, code = c:accept(left, for_dispatch)
    if not core_socket then return nil, message, code end
    if not is_full(self, c, core_socket) then
      local s = socket.wrap(core_socket, self._options.allow_half_open)
      s._origin = self._box
      socket.set_options(s, self._options)
      return s
    end
  end
end

local function acceptor_of(self, name)
  local c = core_of(self, name)
  if self:listener_count("connection") > 0 then
    misuse("%s: a 'connection' listener takes what comes; use one or the other", name)
  end
  return c
end

--- accept([timeout]) -> socket | nil, message, code
function methods:accept(timeout)
  local c = acceptor_of(self, "accept")
  return take(self, c, timeout and options.seconds("accept", 1, timeout))
end

-- What may be over later: connections stay in the kernel's queue meanwhile.
local PASSING <const> = {
  EMFILE = true, ENFILE = true, ENOBUFS = true, ENOMEM = true, EPERM = true,
}

local function tell_trouble(self, message, code)
  if self:listener_count("error") > 0 then
    self:emit("error", new_error {message = message, code = code})
  elseif not self._warned then
    self._warned = true
    io.stderr:write("procrun: ", tostring(self), ": ", message,
      " (listen to 'error' to handle such events; this is told once)\n")
  end
end

-- Nothing could be accepted: it is told, and tried again unless it would never end.
local function stumble(self, message, code)
  tell_trouble(self, message, code)
  if not PASSING[code] then self:close() end
end

--- connections() -> iterator: each connection as it comes, until the server is closed
function methods:connections()
  acceptor_of(self, "connections")
  return function()
    while true do
      local c = acceptor_of(self, "connections")
      if c:closed() then return nil end
      local s, message, code = take(self, c)
      if s then return s end
      if not c:closed() then stumble(self, message, code) end
    end
  end
end

--- serve(fn) -> true when the server was closed and every connection has been served
function methods:serve(fn)
  acceptor_of(self, "serve")
  return require "procrun.net.serve".serve(self, fn, tell_trouble)
end

-- The task of the events -------------------------------------------------------------------------

-- One event for the listeners; while they run the process stays alive.
local function tell(self, name, ...)
  core_task.busy(true)
  self:emit(name, ...)
  core_task.busy(false)
end

local function has_listener(self, c)
  return c:closed() or self:listener_count("connection") > 0
end

local function is_empty(c)
  return c:count() == 0
end

local function tell_close(self, c)
  self._list:wait_events(nil, "the end of a server's connections", is_empty, c)
  local away = {}
  for object in pairs(self._away) do away[#away + 1] = object end
  for _, object in ipairs(away) do object:closed() end
  self._told_close = true
  tell(self, "close")
end

local function dispatch(self)
  local c = self._core
  if not self._told_listening then
    self._told_listening = true
    tell(self, "listening")
  end
  while not c:closed() do
    if self:listener_count("connection") == 0 then
      self._list:wait_events(nil, "a listener for connections", has_listener, self, c)
    else
      local s, message, code = take(self, c, nil, true)
      if s then
        tell(self, "connection", s)
      elseif message and not c:closed() then
        core_task.busy(true)
        stumble(self, message, code)
        core_task.busy(false)
      end
    end
  end
  tell_close(self, c)
end

local EVENTS <const> = {connection = true, listening = true, close = true}

local function start_dispatch(self)
  self._dispatch = core_task.spawn_daemon("connections", dispatch, self)
end

function methods:_listening(name, count)
  local c = rawget(self, "_core")
  if not c or not EVENTS[name] then return end
  if name == "connection" then
    c:flow(count > 0)
    self._list:wake_all()
  end
  if count > 0 and not self._dispatch and not self._told_close then start_dispatch(self) end
end

events.extend(methods)

--- started(server, core server, key): it listens from now on
function M.started(self, core_server, key)
  self._core, self._key = core_server, key
  self._box.key = key
  core_server:flow(self:listener_count("connection") > 0)
  if self._unref then core_server:ref(false) end
  for name in pairs(EVENTS) do
    if self:listener_count(name) > 0 and not self._dispatch then start_dispatch(self) end
  end
end

--- listen(port | path | options, …) -> server | nil, message, code
function methods:listen(...)
  check_self(self, "listen")
  return require "procrun.net.listen".listen(self, ...)
end

--- ref() -> server: while it listens it keeps the process alive
function methods:ref()
  check_self(self, "ref")
  self._unref = nil
  if self._core then self._core:ref(true) end
  return self
end

--- unref() -> server: it does not
function methods:unref()
  check_self(self, "unref")
  self._unref = true
  if self._core then self._core:ref(false) end
  return self
end

-- Those of other processes, if the channel has sent some there.
local function count_away(self, deadline)
  local total = 0
  for object in pairs(self._away) do
    local n, message, code = object:count(deadline and math.max(0, deadline - now()))
    if not n then return nil, message, code end
    total = total + n
  end
  return total
end

--- get_connections([timeout]) -> open connections | nil, message, code
function methods:get_connections(timeout)
  check_self(self, "get_connections")
  if type(timeout) == "function" then
    misuse("get_connections: it takes no callback; it returns the number")
  end
  local seconds = timeout and options.seconds("get_connections", 1, timeout)
  local away, message, code = 0, nil, nil
  if next(self._away) then away, message, code = count_away(self, seconds and now() + seconds) end
  if not away then return nil, message, code end
  return away + (self._core and self._core:count() or 0)
end

--- close([callback]) -> server: accepts no more; its connections go on, `close` comes after them
function methods:close(callback)
  check_self(self, "close")
  if callback ~= nil then
    if type(callback) ~= "function" then
      misuse("bad argument #1 to 'close' (function expected, got %s)", type(callback))
    end
    local c, err = self._core, nil
    if not c or c:closed() then
      local text = "close: the server does not listen"
      err = new_error {message = text, code = "ERR_SERVER_NOT_RUNNING"}
    end
    if c and not self._told_close then
      self:once("close", err and function() callback(err) end or callback)
    else
      core_task.spawn(callback, err)
    end
  end
  if self._core then self._core:close() end
  self._stopped = self._opening -- what is being looked up comes too late
  if self._guard then self._guard() end
  return self
end

function Server.__close(self)
  self:close()
end

--- _methods() -> its methods, for scripts/check-docs.lua
function M._methods()
  return methods
end

return M
