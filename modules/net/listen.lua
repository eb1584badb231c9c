-- listen.lua - how a server comes to listen: net.listen(80), server:listen("/run/x.sock")

local core = require "procrun.core.net"
local misuse = require "procrun.events.misuse"
local options = require "procrun.net.options"
local server = require "procrun.net.server"
local socket = require "procrun.net.socket"

local M = {}

local function bad_place(fname, o)
  local given = (o.port and 1 or 0) + (o.path and 1 or 0) + (o.fd and 1 or 0)
  if given == 0 then misuse("%s: one of port, path and fd is needed", fname) end
  if given > 1 then misuse("%s: only one of port, path and fd may be given", fname) end
  if o.host and not o.port then misuse("%s: a host needs a port", fname) end
  if o.mode and not o.path then misuse("%s: mode is for a path", fname) end
end

-- The errno's sentence, with what helps where a path is in use.
local function explain(path, message, code)
  if code ~= "EADDRINUSE" or path:sub(1, 1) == "\0" then
    return socket.explain(path, message, code)
  end
  local why = core.probe(path)
  if why == "stale" then
    return message .. " (nobody listens there: it was left behind, remove it first)"
  end
  return why == "file" and message .. " (a file that is no socket)" or message
end

local function plan_of(o)
  return {backlog = o.backlog, reuse_port = o.reuse_port, ipv6_only = o.ipv6_only, mode = o.mode}
end

local function listen_path(self, o)
  local path, plan = o.path, plan_of(o)
  plan.path = path
  if path:sub(1, 1) ~= "\0" then plan.remove = require "procrun.path".absolute(path) end
  local c, message, code = core.listen(plan, self._list)
  if not c then
    message = explain(path, message, code)
    return nil, ("listen %s: %s"):format(socket.shown(path), message), code
  end
  return c, ("-1:%s:-1"):format(path)
end

local function listen_at(self, o, address, family)
  local plan = plan_of(o)
  plan.address, plan.port = address, o.port
  local c, message, code = core.listen(plan, self._list)
  if not c then
    return nil, ("listen %s: %s"):format(socket.shown(address, o.port), message), code
  end
  return c, ("%d:%s:%d"):format(family, address, o.port)
end

-- Without a host: every address of the machine, of both families if it has both.
local function listen_anywhere(self, o)
  local c, key, code = listen_at(self, o, "::", 6)
  if c or not (code == "EAFNOSUPPORT" or code == "EADDRNOTAVAIL") then return c, key, code end
  return listen_at(self, o, "0.0.0.0", 4)
end

local function listen_host(self, o)
  local found, message, code = require "procrun.net.lookup".resolve(o.host, 0, o.timeout)
  if not found then
    if code == "ETIMEDOUT" then return nil, message, code end
    return nil, ("listen %s: %s"):format(socket.shown(o.host, o.port), message), code
  end
  return listen_at(self, o, found[1].address, found[1].family)
end

local function key_of(c)
  local address, port, family = core.name(c:fileno())
  if not port then return ("-1:%s:-1"):format(address) end
  return ("%d:%s:%d"):format(family == "IPv6" and 6 or 4, address, port)
end

--- adopt(server, fd) -> core server, key | nil, message, code: the fd is bound, or listens
function M.adopt(self, fd)
  local c, message, code = core.adopt_server(fd, self._list)
  if not c then return nil, ("listen descriptor %d: %s"):format(fd, message), code end
  return c, key_of(c)
end

--- own(fd) -> a descriptor to take over | nil, message, code: 0 to 2 stay what they are
function M.own(fd)
  if fd > 2 then return fd end
  return core.duplicate(fd)
end

local function listen_fd(self, o)
  local fd, message, code = M.own(o.fd)
  if not fd then return nil, ("listen descriptor %d: %s"):format(o.fd, message), code end
  local c, key, key_code = M.adopt(self, fd)
  if not c and fd ~= o.fd then core.close_fd(fd) end
  return c, key, key_code
end

local function open(self, o)
  if o.path then return listen_path(self, o) end
  if o.fd then return listen_fd(self, o) end
  return (o.host and listen_host or listen_anywhere)(self, o)
end

-- Where to listen, and how many arguments say so: none for a port that is free.
local function where_of(...)
  if select("#", ...) == 0 or type((...)) == "function" then return {port = 0}, 0 end
  return options.where("listen", ...)
end

-- Node's order: a port, host, backlog, callback, each of them optional; or a path.
local function arguments(...)
  local where, taken = where_of(...)
  local o = {}
  for key, value in pairs(where) do o[key] = value end
  local i, callback = taken + 1, nil
  local backlog = select(i, ...)
  if type(backlog) == "number" then o.backlog, i = backlog, i + 1 end
  for at = i, select("#", ...) do
    local value = select(at, ...)
    if type(value) == "function" and not callback then
      callback = value
    elseif value ~= nil then
      misuse("bad argument #%d to 'listen' (%s not expected)", at, type(value))
    end
  end
  return o, callback
end

-- At most one listen at a time: a name may have to be looked up.
local function begin(self)
  if self._core and not self._core:closed() then
    misuse("listen: the server listens already (%s)", tostring(self))
  elseif self._core or self._opening then
    misuse(self._core and "listen: the server was closed; make a new one"
      or "listen: the server is about to listen already")
  end
  self._opening, self._stopped = true, nil
  return setmetatable({self}, {__close = function(box) box[1]._opening = nil end})
end

--- listen(server, …) -> server | nil, message, code
function M.listen(self, ...)
  local o, callback = arguments(...)
  o = options.check("listen", o, options.LISTEN)
  bad_place("listen", o)
  local _ <close> = begin(self)
  local c, key, code = open(self, o)
  if not c then return nil, key, code end
  if self._stopped then
    c:close()
    return nil, "listen: the server was closed meanwhile", "ECANCELED"
  end
  if callback then self:once("listening", callback) end
  server.started(self, c, key)
  return self
end

-- The options of a server, and those of where it listens.
local function split(where)
  local own, place = {}, {}
  for key, value in pairs(where) do
    if options.SERVER[key] then own[key] = value else place[key] = value end
  end
  return own, place
end

--- net.listen(port | path | options, [host]) -> server | nil, message, code
function M.new(first, second, ...)
  local where, taken = options.where("listen", first, second)
  if (taken == 1 and second ~= nil) or select("#", ...) > 0 then
    misuse("bad argument #%d to 'listen' (not expected; use options)", taken + 1)
  end
  options.check("listen", where, options.LISTEN, options.SERVER)
  local own, place = split(where)
  return M.listen(server.new(own), place)
end

return M
