-- socket.lua - connections: streams that know both their ends.
-- print(socket.remote_address, socket:read("l")); socket:write("hello\n"); socket:close()

local core = require "procrun.core.net"
local make_index = require "procrun.events.index"
local misuse = require "procrun.events.misuse"
local options = require "procrun.net.options"
local stream = require "procrun.stream"
local task = require "procrun.core.task"

local Stream = stream._base
local methods, properties = {}, {}
local M = {}

local Socket = {
  __name = "procrun.socket",
  __close = Stream.__close,
  __newindex = Stream.__newindex,
  __index = make_index(methods, properties, Stream.__index),
}
stream._kinds[Socket] = true

--- is_socket(value) -> boolean
function M.is_socket(value)
  return getmetatable(value) == Socket
end

local function core_of(self, name)
  if getmetatable(self) ~= Socket then misuse("call it with a colon: socket:%s(...)", name) end
  return self._core
end

local function name_of(self)
  local fd = self._core:fileno()
  if fd then return core.name(fd) end
end

function properties.remote_address(self)
  local address, _, family = core.peer(self._core)
  return family ~= "unix" and address or nil
end

function properties.remote_port(self)
  return (select(2, core.peer(self._core)))
end

function properties.remote_family(self)
  local _, _, family = core.peer(self._core)
  return family ~= "unix" and family or nil
end

function properties.local_address(self)
  local address, _, family = name_of(self)
  return family ~= "unix" and address or nil
end

function properties.local_port(self)
  return (select(2, name_of(self)))
end

function properties.local_family(self)
  local _, _, family = name_of(self)
  return family ~= "unix" and family or nil
end

function properties.bytes_read(self)
  return (core.counts(self._core))
end

function properties.bytes_written(self)
  return (select(2, core.counts(self._core)))
end

function properties.destroyed(self)
  return self._core:closed()
end

--- shown(address, [port]) -> "127.0.0.1:80", "[::1]:80", a path
function M.shown(address, port)
  if not port then return (address:gsub("^%z", "@"):gsub("%z", "\\0")) end
  return (address:find(":", 1, true) and "[%s]:%s" or "%s:%s"):format(address, port)
end

-- The errno's sentence, or what is wrong with a path that no socket can have.
function M.explain(path, message, code)
  if not path or code ~= "EINVAL" or #path <= 107 then return message end
  return ("the path of a socket has at most 107 bytes, this one has %d"):format(#path)
end

--- address_of(address, port, family) -> {address=, port=, family=} | path | nil: what core.name and
--- core.peer answer, as scripts see it
function M.address_of(address, port, family)
  if port then return {address = address, port = port, family = family} end
  return address
end

--- address() -> {address=, port=, family=} | path | nil when closed: this side
function methods:address()
  core_of(self, "address")
  return M.address_of(name_of(self))
end

--- peer() -> {address=, port=, family=} | path | nil: the other side
function methods:peer()
  return M.address_of(core.peer(core_of(self, "peer")))
end

function Socket.__tostring(self)
  if self._core:closed() then return "socket (closed)" end
  local address, port = core.peer(self._core)
  local own, own_port = name_of(self)
  local there = address and address ~= "" and M.shown(address, port)
    or own and own ~= "" and M.shown(own, own_port) or "?"
  return ("socket (descriptor %d, %s)"):format(self._core:fileno(), there)
end

-- true | nil, message, code. A path has neither option, and does not miss them.
local function set(self, name, value)
  local _, _, family = name_of(self)
  if family == "unix" then return true end
  return core.set(self._core, name, value)
end

local function check_boolean(name, on)
  if on ~= nil and type(on) ~= "boolean" then
    misuse("bad argument #1 to '%s' (boolean expected, got %s)", name, type(on))
  end
  return on ~= false
end

--- no_delay([on]) -> socket | nil, message, code: send small writes at once
function methods:no_delay(on)
  core_of(self, "no_delay")
  local ok, message, code = set(self, "no_delay", check_boolean("no_delay", on) and 1 or 0)
  if not ok then return nil, message, code end
  return self
end

--- keep_alive([on], [seconds]) -> socket | nil, message, code: probe a silent peer
function methods:keep_alive(on, delay)
  core_of(self, "keep_alive")
  local wanted = check_boolean("keep_alive", on)
  local ok, message, code = set(self, "keep_alive", wanted and options.keep_alive(delay) or -1)
  if not ok then return nil, message, code end
  return self
end

local function stop_idle(self)
  local idle = self._idle
  self._idle = nil
  if idle and idle ~= task.current() then idle:cancel() end
end

-- What the socket's makers have to be told when it closes.
function methods:_on_closed()
  stop_idle(self)
  local guard = self._guard
  if guard then guard() end
end

local function close_now(self)
  if self._core:closed() then return self end
  self._core:close()
  self:close() -- tells `close`
  return self
end

--- destroy() -> socket: closes at once; what was not sent yet is lost
function methods:destroy()
  core_of(self, "destroy")
  return close_now(self)
end

--- reset() -> socket: closes at once, and the other side's connection fails with ECONNRESET
function methods:reset()
  local c = core_of(self, "reset")
  if not c:closed() then core.set(c, "reset") end
  return close_now(self)
end

-- Emits `timeout` once nothing has been read or written for that time, or a quarter longer, and
-- again after the next silence.
local function watch_idle(self, seconds)
  local me, c, quiet = task.current(), self._core, 0
  local read, written = core.counts(c)
  while self._idle == me do
    task.sleep(seconds / 4)
    local read_now, written_now = core.counts(c)
    local moved = read_now ~= read or written_now ~= written
    quiet, read, written = moved and 0 or quiet + 1, read_now, written_now
    if quiet == 4 and self._idle == me then self:emit("timeout") end
  end
end

--- set_timeout(time, [fn]) -> socket: event `timeout` after such a time without traffic; 0: never
function methods:set_timeout(time, fn)
  local c = core_of(self, "set_timeout")
  local seconds = options.seconds("set_timeout", 1, time)
  if fn ~= nil and type(fn) ~= "function" then
    misuse("bad argument #2 to 'set_timeout' (function expected, got %s)", type(fn))
  end
  if fn then self:once("timeout", fn) end
  stop_idle(self)
  self._timeout = seconds > 0 and seconds or nil
  if seconds > 0 and not c:closed() then
    self._idle = task.spawn(watch_idle, self, seconds)
    self._idle.name = "idle socket"
  end
  return self
end

function properties.timeout(self)
  return rawget(self, "_timeout")
end

--- wrap(core socket, [allow_half_open]) -> socket
function M.wrap(core_socket, allow_half_open)
  return setmetatable({_core = core_socket, _ends_both = not allow_half_open}, Socket)
end

--- set_options(socket, checked options): no_delay, keep_alive
function M.set_options(self, o)
  if o.no_delay then set(self, "no_delay", 1) end
  local keep = o.keep_alive
  if keep then set(self, "keep_alive", keep == true and 0 or keep) end
end

--- _methods() -> its methods, for scripts/check-docs.lua
function M._methods()
  return methods
end

return M
