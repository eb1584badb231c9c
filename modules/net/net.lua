-- net.lua - the network: sockets for datagrams (net.udp), names of hosts (net.lookup).
-- What each call needs is loaded by its first use.

local M = {}

-- The objects, for scripts/check-docs.lua.
local MODULES <const> = { udp = "procrun.net.udp" }

local function next_type(_, name)
  local following = next(MODULES, name)
  return following, following and M._types[following]
end

M._types = setmetatable({}, {
  __index = function(_, name) return MODULES[name] and require(MODULES[name])._methods() end,
  __pairs = function() return next_type end,
})

--- lookup(host, [options]) -> address, family | list | nil, message, code
function M.lookup(...)
  return require "procrun.net.lookup".lookup(...)
end

--- udp([options]) -> udp | nil, message, code
function M.udp(...)
  return require "procrun.net.udp".new(...)
end

-- For the channel, over which such objects are sent -----------------------------------------------

--- _kind(object) -> "udp", or nil for anything else
function M._kind(object)
  local udp = package.loaded["procrun.net.udp"]
  if udp and udp.is_udp(object) then return "udp" end
  return nil
end

--- _share(object) -> descriptor, a duplicate that is the caller's | nil, message, code
function M._share(object)
  return require "procrun.net.udp".share(object)
end

--- _adopt(kind, fd, [options]) -> object | nil, message, code; takes the descriptor over and closes
--- it on failure; options.on_close is called once when the object closes
function M._adopt(kind, fd, options)
  if kind ~= "udp" then error("_adopt: unknown kind " .. tostring(kind)) end
  return require "procrun.net.udp".adopt(fd, options)
end

return M
