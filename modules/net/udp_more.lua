-- udp_more.lua - what udp.lua loads when it is first asked for: multicast, and what the kernel lets
-- one set on a socket.

local misuse = require "procrun.events.misuse"

local M = {}

local function core_of(self, name)
  local core = type(self) == "table" and rawget(self, "_core")
  if core then return core end
  misuse("call it with a colon: udp:%s(...)", name)
end

-- true | nil, message, code: the message begins with the name of the call
local function told(name, ok, message, code)
  if ok then return ok end
  return nil, name .. ": " .. message, code
end

local function check_host(name, index, value, what)
  if type(value) == "string" then return end
  misuse("bad argument #%d to '%s' (%s expected, got %s)", index, name, what, type(value))
end

local function check_interface(name, index, value)
  if value == nil or type(value) == "string" or math.type(value) == "integer" then return end
  misuse("bad argument #%d to '%s' (name, address or number of an interface expected, got %s)",
    index, name, type(value))
end

local function membership(self, name, join, group, interface)
  local core = core_of(self, name)
  check_host(name, 1, group, "address of a group")
  check_interface(name, 2, interface)
  return told(name, core:membership(join, group, nil, interface))
end

--- add_membership(group, [interface]) -> true | nil, message, code
function M:add_membership(group, interface)
  return membership(self, "add_membership", true, group, interface)
end

--- drop_membership(group, [interface]) -> true | nil, message, code
function M:drop_membership(group, interface)
  return membership(self, "drop_membership", false, group, interface)
end

local function source_membership(self, name, join, source, group, interface)
  local core = core_of(self, name)
  check_host(name, 1, source, "address of a source")
  check_host(name, 2, group, "address of a group")
  check_interface(name, 3, interface)
  return told(name, core:membership(join, group, source, interface))
end

--- add_source_specific_membership(source, group, [interface]) -> true | nil, message, code
function M:add_source_specific_membership(source, group, interface)
  return source_membership(self, "add_source_specific_membership", true, source, group, interface)
end

--- drop_source_specific_membership(source, group, [interface]) -> true | nil, message, code
function M:drop_source_specific_membership(source, group, interface)
  return source_membership(self, "drop_source_specific_membership", false, source, group, interface)
end

--- fileno() -> descriptor | nil when closed
function M:fileno()
  return core_of(self, "fileno"):fileno()
end

--- set_multicast_interface(interface) -> true | nil, message, code
function M:set_multicast_interface(interface)
  local core = core_of(self, "set_multicast_interface")
  check_interface("set_multicast_interface", 1, interface)
  return told("set_multicast_interface", core:multicast_interface(interface))
end

-- set_NAME(boolean)
for _, option in ipairs { "broadcast", "multicast_loopback" } do
  local name = "set_" .. option
  M[name] = function(self, on)
    local core = core_of(self, name)
    if type(on) ~= "boolean" then
      misuse("bad argument #1 to '%s' (boolean expected, got %s)", name, type(on))
    end
    return told(name, core:set(option, on and 1 or 0))
  end
end

-- set_NAME(integer), from and to
local RANGES <const> = {
  multicast_ttl = { 0, 255 }, ttl = { 1, 255 },
  recv_buffer_size = { 1, 1 << 30 }, send_buffer_size = { 1, 1 << 30 },
}
for option, range in pairs(RANGES) do
  local name = "set_" .. option
  M[name] = function(self, value)
    local core = core_of(self, name)
    if math.type(value) ~= "integer" or value < range[1] or value > range[2] then
      misuse("bad argument #1 to '%s' (integer from %d to %d expected, got %s)", name, range[1],
        range[2], tostring(value))
    end
    return told(name, core:set(option, value))
  end
end

for _, option in ipairs { "recv_buffer_size", "send_buffer_size" } do
  local name = "get_" .. option
  M[name] = function(self) return told(name, core_of(self, name):get(option)) end
end

--- remote_address() -> {address, port, family} | nil, message, code
function M:remote_address()
  local address, port, family = core_of(self, "remote_address"):peer()
  if not address then return nil, port, family end
  return { address = address, port = port, family = family }
end

--- ref() -> udp: it keeps the process alive while it is open
function M:ref()
  core_of(self, "ref"):hold(true)
  return self
end

--- unref() -> udp: it never does
function M:unref()
  core_of(self, "unref"):hold(false)
  return self
end

return M
