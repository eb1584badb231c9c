-- net.lua - the network: local server = net.listen(0); net.connect(80, "example.org"):write("hi")
-- What each call needs is loaded by its first use.

local M = {}

local lazy = {
  listen = {"listen", "new"}, connect = {"connect", "connect"}, lookup = {"lookup", "lookup"},
  udp = {"udp", "new"},
  _kind = {"handoff", "kind"}, _share = {"handoff", "share"}, _detach = {"handoff", "detach"},
  _adopt = {"handoff", "adopt"},
}

for name, from in pairs(lazy) do
  M[name] = function(...)
    M[name] = require("procrun.net." .. from[1])[from[2]]
    return M[name](...)
  end
end

setmetatable(M, { __index = function(_, key)
  return require "procrun.events.camel".check("net", key, M)
end })

--- create_connection(…): net.connect by its other name
function M.create_connection(...)
  return M.connect(...)
end

--- create_server([options], [listener]) -> a server that does not listen yet
function M.create_server(options, listener)
  local misuse = require "procrun.events.misuse"
  if type(options) == "function" and listener == nil then options, listener = nil, options end
  if options ~= nil and type(options) ~= "table" then
    misuse("bad argument #1 to 'create_server' (options expected, got %s)", type(options))
  elseif listener ~= nil and type(listener) ~= "function" then
    misuse("bad argument #2 to 'create_server' (function expected, got %s)", type(listener))
  end
  local known = require "procrun.net.options"
  local checked = known.check("create_server", options or {}, known.SERVER)
  local server = require "procrun.net.server".new(checked)
  if listener then server:on("connection", listener) end
  return server
end

--- socket(fd | {fd=, allow_half_open=}) -> socket | nil, message, code: an inherited connection
function M.socket(options)
  return require "procrun.net.handoff".socket(options)
end

--- is_ip(text) -> 4, 6, or 0: it is no address
function M.is_ip(text)
  if type(text) ~= "string" then return 0 end
  return require "procrun.core.net".is_ip(text)
end

--- is_ipv4(text) -> boolean
function M.is_ipv4(text)
  return M.is_ip(text) == 4
end

--- is_ipv6(text) -> boolean
function M.is_ipv6(text)
  return M.is_ip(text) == 6
end

-- The objects, for scripts/check-docs.lua.
local MODULES <const> = { server = "server", socket = "socket", udp = "udp" }

local function next_type(_, name)
  local following = next(MODULES, name)
  return following, following and M._types[following]
end

M._types = setmetatable({}, {
  __index = function(_, name)
    return MODULES[name] and require("procrun.net." .. MODULES[name])._methods()
  end,
  __pairs = function() return next_type end,
})

return M
