-- udp.lua - datagrams: local u = net.udp(); u:bind(5000); for data, from in u:messages() do … end
-- What a socket rarely needs (multicast, options of the kernel) stands in udp_more.lua.

local core = require "procrun.core.udp"
local events = require "procrun.events"
local lookup = require "procrun.net.lookup"
local misuse = require "procrun.events.misuse"
local new_error = require "procrun.events.error".new
local seconds_of = require "procrun.net.options".seconds
local task = require "procrun.core.task"

local methods = {}
local M = {}

local more

local function load_more()
  more = require "procrun.net.udp_more"
  return more
end

local Udp = {
  __name = "procrun.udp",
  __index = function(_, key)
    local method = methods[key]
    if method == nil then method = (more or load_more())[key] end
    return method
  end,
  __tostring = function(self)
    local address, port = self._core:address()
    return address and ("udp (%s:%d)"):format(address, port) or "udp (closed)"
  end,
}

local function core_of(self, name)
  if getmetatable(self) == Udp then return self._core end
  misuse("call it with a colon: udp:%s(...)", name)
end

local function check_port(port, index, name, least)
  if math.type(port) == "integer" and port >= least and port <= 65535 then return end
  misuse("bad argument #%d to '%s' (port from %d to 65535 expected, got %s)", index, name, least,
    tostring(port))
end

local function check_address(address, index, name)
  if type(address) == "string" then return end
  misuse("bad argument #%d to '%s' (address expected, got %s)", index, name, type(address))
end

-- Node's callbacks: each call here returns when it is done.
local function no_callback(value, index, name)
  if type(value) ~= "function" then return end
  misuse("bad argument #%d to '%s' (function not expected; %s returns when it is done)", index,
    name, name)
end

-- A name as a numeric address that this socket can take.
local function resolve(self, host)
  local list, message, code = lookup.resolve(host, self.type == "udp4" and 4 or 0)
  if not list then return nil, message, code end
  for _, entry in ipairs(list) do
    if entry.family == 6 then return entry.address end
  end
  return list[1].address
end

-- Bound, by bind or by the first use: from now on something can come.
local function tell_bound(self)
  if self._bound then return end
  self._bound = true
  self:emit "listening"
  if self:listener_count "message" > 0 and not self._taker then self:_start() end
end

--- bind([port], [address]) -> true | nil, message, code; also bind{port=, address=, exclusive=}
function methods:bind(port, address, callback)
  local c = core_of(self, "bind")
  if callback then no_callback(callback, 3, "bind") end
  if type(port) == "table" then
    for key in pairs(port) do
      if key ~= "port" and key ~= "address" and key ~= "exclusive" then
        misuse("bind: unknown option '%s' (known: address, exclusive, port)", tostring(key))
      end
    end
    port, address = port.port, port.address
  end
  if port == nil then port = 0 end
  check_port(port, 1, "bind", 0)
  if address == nil then
    address = self.type == "udp4" and "0.0.0.0" or "::"
  else
    check_address(address, 2, "bind")
    local message, code
    address, message, code = resolve(self, address)
    if not address then return nil, message, code end
  end
  local ok, message, code = c:bind(address, port)
  if ok then
    tell_bound(self)
    return true
  elseif code == "EINVAL" and self._bound then
    message = ("bind: the socket is bound already, to %s:%d"):format(c:address())
  end
  return nil, message, code
end

--- connect(port, [address]) -> true | nil, message, code: the one peer from now on
function methods:connect(port, address, callback)
  local c = core_of(self, "connect")
  if callback then no_callback(callback, 3, "connect") end
  check_port(port, 1, "connect", 1)
  if address == nil then address = self.type == "udp4" and "127.0.0.1" or "::1" end
  check_address(address, 2, "connect")
  local message, code
  address, message, code = resolve(self, address)
  if not address then return nil, message, code end
  local ok
  ok, message, code = c:connect(address, port)
  if not ok then return nil, message, code end
  self._connected = true
  tell_bound(self)
  self:emit "connect"
  return true
end

--- disconnect() -> true | nil, message, code: any peer again
function methods:disconnect()
  local c = core_of(self, "disconnect")
  if not self._connected then return nil, "disconnect: the socket is not connected", "ENOTCONN" end
  local ok, message, code = c:disconnect()
  if not ok then return nil, message, code end
  self._connected = false
  return true
end

local function check_data(data)
  local kind = type(data)
  if kind == "string" then return data end
  if kind == "number" then return tostring(data) end
  if kind ~= "table" then
    misuse("bad argument #1 to 'send' (string expected, got %s)", kind)
  end
  for i = 1, #data do
    if type(data[i]) ~= "string" and type(data[i]) ~= "number" then
      misuse("bad argument #1 to 'send' (string expected at index %d, got %s)", i, type(data[i]))
    end
  end
  return table.concat(data)
end

local BROADCAST <const> = " (call set_broadcast(true) to send to a broadcast address)"

local function sent(self, ok, message, code)
  if ok then
    if not self._bound then tell_bound(self) end
    return true
  end
  if code == "EACCES" then message = message .. BROADCAST end
  return nil, message, code
end

--- send(data, [port], [address]) -> true | nil, message, code; waits while the kernel is full
function methods:send(data, port, address, callback)
  local c = core_of(self, "send")
  if callback then no_callback(callback, 4, "send") end
  data = check_data(data)
  if self._connected then
    if port ~= nil then
      misuse "send: the socket is connected; call send(data), or disconnect() before"
    end
    return sent(self, c:send(data))
  end
  if port == nil then misuse "send: to which port? call send(data, port, address), or connect()" end
  check_port(port, 2, "send", 1)
  if address == nil then address = self.type == "udp4" and "127.0.0.1" or "::1" end
  check_address(address, 3, "send")
  local ok, message, code = c:send(data, address, port)
  if ok == false then
    address, message, code = resolve(self, address)
    if not address then return nil, message, code end
    ok, message, code = c:send(data, address, port)
  end
  return sent(self, ok, message, code)
end

local function check_reader(self, name)
  if self._taker then
    misuse("%s: a listener takes what comes ('message'); use one or the other", name)
  end
end

local UNBOUND <const> = "the socket has no port yet, so nothing can come (bind or send first)"

--- receive([timeout]) -> data, from | nil, message, code
function methods:receive(timeout)
  local c = core_of(self, "receive")
  check_reader(self, "receive")
  if not self._bound and not c:closed() then return nil, "receive: " .. UNBOUND, "EINVAL" end
  return c:receive(timeout and seconds_of("receive", 1, timeout))
end

-- What was told to nobody's call: an answer of the network to something sent before.
local function tell_error(self, message, code)
  if self:listener_count "error" > 0 then
    self:emit("error", new_error { message = message, code = code })
  end
end

-- The next datagram, or nil when the socket is closed.
local function next_message(self)
  local c = self._core
  while not c:closed() do
    local data, from, code = c:receive()
    if data then return data, from end
    if code ~= "EBADF" then tell_error(self, from, code) end
  end
end

--- messages() -> iterator of data, from; until the socket is closed
function methods:messages()
  local c = core_of(self, "messages")
  check_reader(self, "messages")
  if not self._bound and not c:closed() then misuse("messages: %s", UNBOUND) end
  return next_message, self
end

--- address() -> {address, port, family} | nil, message, code
function methods:address()
  local c = core_of(self, "address")
  if not self._bound and not c:closed() then
    return nil, "address: the socket is not bound", "EINVAL"
  end
  local address, port, family = c:address()
  if not address then return nil, port, family end
  return { address = address, port = port, family = family }
end

--- close(): whoever waits is told; a second call does nothing
function methods:close(callback)
  local c = core_of(self, "close")
  if callback then no_callback(callback, 1, "close") end
  if c:closed() then return end
  c:close()
  if self._on_close then self._on_close() end
  self:emit "close"
end

function Udp:__close()
  self:close()
end

-- The descriptor would be closed anyway; whoever counts adopted sockets has to be told.
function Udp:__gc()
  if not self._on_close or self._core:closed() then return end
  self._core:close()
  self._on_close()
end

local stopped = { __close = function(box)
  if box[1]._taker == task.current() then box[1]._taker = false end
end }

-- The dispatch task of a socket with a `message` listener.
local function dispatch(self)
  local _ <close> = setmetatable({ self }, stopped)
  while self:listener_count "message" > 0 do
    local data, from = next_message(self)
    if not data then return end
    self._busy = true
    task.busy(true)
    self:emit("message", data, from)
    task.busy(false)
    self._busy = false
  end
end

function methods:_start()
  self._busy = false
  self._taker = task.spawn_daemon("messages of " .. tostring(self), dispatch, self)
end

function methods:_listening(name, count)
  if name ~= "message" then return end
  if count > 0 and not self._taker and self._bound and not self._core:closed() then
    if self._core:awaited() then
      misuse "on: a task takes the datagrams (receive or messages); use one or the other"
    end
    self:_start()
  elseif count == 0 and self._taker and not self._busy then
    local taker = self._taker
    self._taker = false
    taker:cancel()
  end
end

events.extend(methods)

local function wrap(core_socket, family, bound)
  return setmetatable({
    _core = core_socket, type = family == 6 and "udp6" or "udp4", _bound = bound,
    _connected = false, _taker = false, _busy = false, _on_close = false,
  }, Udp)
end

local FLAGS <const> = { reuse_address = true, reuse_port = true, ipv6_only = true }
local SIZES <const> = { recv_buffer = 1 << 30, send_buffer = 1 << 30, max_message = 65535 }

local function check_option(key, value)
  if FLAGS[key] then
    if type(value) ~= "boolean" then
      misuse("udp: bad option '%s' (boolean expected, got %s)", key, type(value))
    end
  elseif SIZES[key] then
    if math.type(value) ~= "integer" or value < 1 or value > SIZES[key] then
      misuse("udp: bad option '%s' (integer from 1 to %d expected, got %s)", key, SIZES[key],
        tostring(value))
    end
  elseif key ~= "family" and key ~= "type" then
    misuse("udp: unknown option '%s' (known: family, ipv6_only, max_message, recv_buffer, "
      .. "reuse_address, reuse_port, send_buffer)", tostring(key))
  end
end

--- new([options], [listener]) -> udp | nil, message, code; net.udp
function M.new(options, listener)
  if type(options) == "string" or type(options) == "number" then options = { family = options } end
  if options ~= nil and type(options) ~= "table" then
    misuse("bad argument #1 to 'udp' (options expected, got %s)", type(options))
  elseif listener ~= nil and type(listener) ~= "function" then
    misuse("bad argument #2 to 'udp' (function expected, got %s)", type(listener))
  end
  local plan = {}
  for key, value in pairs(options or plan) do
    check_option(key, value)
    plan[key] = value
  end
  plan.family = lookup.family_of(plan.family or plan.type or 4, "udp")
  local socket, message, code = core.open(plan)
  if not socket then return nil, message, code end
  local self = wrap(socket, plan.family, false)
  return listener and self:on("message", listener) or self
end

--- _methods() -> all methods of the objects, for scripts/check-docs.lua
function M._methods()
  local all = {}
  for _, some in ipairs { methods, more or load_more() } do
    for name, method in pairs(some) do all[name] = method end
  end
  return all
end

--- is_udp(value) -> boolean
function M.is_udp(value)
  return getmetatable(value) == Udp
end

--- share(udp) -> descriptor, a duplicate that is the caller's | nil, message, code
function M.share(self)
  return self._core:share()
end

--- adopt(fd, [options]) -> udp | nil, message, code; takes the descriptor over, closes it where it
--- fails
function M.adopt(fd, options)
  local socket, family, code = core.adopt(fd)
  if not socket then return nil, family, code end
  local _, port = socket:address()
  local self = wrap(socket, family, port ~= 0)
  self._connected = (socket:peer()) ~= nil
  self._on_close = options and options.on_close or false
  return self
end

return M
