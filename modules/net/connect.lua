-- connect.lua - connections to servers: net.connect(80, "example.org"), net.connect("/run/x.sock")

local core = require "procrun.core.net"
local misuse = require "procrun.events.misuse"
local now = require "procrun.core.self".now
local options = require "procrun.net.options"
local socket = require "procrun.net.socket"
local task = require "procrun.core.task"

local M = {}

local STAGGER <const> = 0.25 -- seconds until the next address is tried beside one that is silent

local Dials = {__close = function(self)
  for _, dial in ipairs(self) do dial.core:close() end
end}

-- The first attempt that is decided: it leaves the list.
local function look(dials)
  for i, dial in ipairs(dials) do
    local result, message, code = dial.core:outcome()
    if result ~= nil then
      table.remove(dials, i)
      dial.core:close()
      return true, dial, result, message, code
    end
  end
end

-- What the addresses have answered, as one failure.
local function sum_up(where, failures)
  local last, same = failures[#failures], true
  for _, each in ipairs(failures) do
    each.message = socket.explain(each.target.path, each.message, each.code)
    same = same and each.message == last.message
  end
  if same then return nil, ("connect %s: %s"):format(where, last.message), last.code end
  local texts = {}
  for i, each in ipairs(failures) do texts[i] = each.target.address .. ": " .. each.message end
  return nil, ("connect %s: %s"):format(where, table.concat(texts, "; ")), last.code
end

-- One attempt after the other; a silent one goes on beside those that come after it. Whatever ends
-- this ends them all.
local function try_all(where, targets, deadline)
  local list, failures = task.list(), {}
  local dials <close> = setmetatable({}, Dials)
  local next_target = 1
  while true do
    local target = targets[next_target]
    if target then
      next_target = next_target + 1
      local dial, message, code = core.dial(target, list)
      if dial then
        dials[#dials + 1] = {core = dial, target = target}
      else
        failures[#failures + 1] = {target = target, message = message, code = code}
      end
    end
    if #dials > 0 then
      local more = targets[next_target]
      local left = deadline and math.max(0, deadline - now())
      local last = left and (not more or left <= STAGGER)
      local patience = last and left or more and STAGGER or nil
      local dial, s, message, code = list:wait(patience, "a connection", look, dials)
      if dial and s then return s end
      if dial then
        failures[#failures + 1] = {target = dial.target, message = message, code = code}
      elseif last then
        return nil, "timeout", "ETIMEDOUT"
      end
    elseif not targets[next_target] then
      return sum_up(where, failures)
    end
  end
end

-- Families by turns, beginning with the one that the system prefers (RFC 8305).
local function by_turns(found)
  local of = {[4] = {}, [6] = {}}
  for _, entry in ipairs(found) do table.insert(of[entry.family], entry) end
  local first, other = of[found[1].family], of[10 - found[1].family]
  local sorted = {}
  for i = 1, math.max(#first, #other) do
    sorted[#sorted + 1] = first[i]
    sorted[#sorted + 1] = other[i]
  end
  return sorted
end

local function family_of(o)
  local bound = o.local_address and core.is_ip(o.local_address)
  if bound == 0 then
    misuse("connect: bad option 'local_address' (numeric address expected, got %q)",
      o.local_address)
  end
  if bound and o.family and bound ~= o.family then
    misuse("connect: local_address %s is not of family %d", o.local_address, o.family)
  end
  return o.family or bound or 0
end

-- The plans of the attempts.
local function targets_of(o, where, deadline)
  if o.path then return {{path = o.path}} end
  local family = family_of(o)
  local left = deadline and math.max(0, deadline - now())
  local found, message, code = require "procrun.net.lookup".resolve(o.host or "localhost", family,
    left)
  if not found then
    if code == "ETIMEDOUT" then return nil, message, code end
    return nil, ("connect %s: %s"):format(where, message), code
  end
  local targets = by_turns(found)
  for i, entry in ipairs(targets) do
    local bound = o.local_address or o.local_port and (entry.family == 6 and "::" or "0.0.0.0")
    targets[i] = {
      address = entry.address, port = o.port, local_address = bound or nil,
      local_port = bound and (o.local_port or 0) or nil,
    }
  end
  return targets
end

local function check(first, second, ...)
  local given, taken = options.where("connect", first, second)
  local extra = select(taken, second, ...)
  if extra ~= nil then
    local hint = type(extra) == "function" and "; connect waits, and returns the socket" or ""
    misuse("bad argument #%d to 'connect' (%s not expected%s)", taken + 1, type(extra), hint)
  end
  local o = options.check("connect", given, options.CONNECT)
  if not (o.port or o.path) then misuse("connect: one of port and path is needed") end
  if o.port and o.path then misuse("connect: only one of port and path may be given") end
  return o
end

--- net.connect(port | path | options, [host]) -> socket | nil, message, code
function M.connect(...)
  local o = check(...)
  local where = socket.shown(o.path or o.host or "localhost", o.port)
  local deadline = o.timeout and now() + o.timeout
  local targets, message, code = targets_of(o, where, deadline)
  if not targets then return nil, message, code end
  local core_socket
  core_socket, message, code = try_all(where, targets, deadline)
  if not core_socket then return nil, message, code end
  local s = socket.wrap(core_socket, o.allow_half_open)
  socket.set_options(s, o)
  return s
end

return M
