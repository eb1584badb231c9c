-- lookup.lua - names of hosts to addresses: net.lookup("localhost") -> "127.0.0.1", 4
-- resolve() is the same for those who want to connect, bind or send.

local core = require "procrun.core.lookup"
local misuse = require "procrun.events.misuse"
local task = require "procrun.core.task"

local M = {}

local FAMILIES <const> = {
  [0] = 0, [4] = 4, [6] = 6, IPv4 = 4, IPv6 = 6, udp4 = 4, udp6 = 6, ip4 = 4, ip6 = 6,
}
local ORDERS <const> = { verbatim = true, ipv4first = 4, ipv6first = 6 }
local KNOWN <const> = { family = true, all = true, timeout = true, order = true }

--- family_of(value, name) -> 4, 6, or 0 for nil: any; raises for another value
function M.family_of(value, name)
  if value == nil then return 0 end
  local family = FAMILIES[value]
  if family then return family end
  misuse("%s: bad family '%s' (use 4 or 6)", name, tostring(value))
end

local function search(host, family)
  core.turn()
  return core.search(host, family)
end

local function numeric(host, family)
  local address, its = core.numeric(host)
  if not address then return nil end
  if family ~= 0 and family ~= its then
    return nil, ("lookup %s: an IPv%d address, and family %d was asked for (EAI_ADDRFAMILY)")
      :format(host, its, family), "ENOTFOUND"
  end
  return { { address = address, family = its } }
end

--- resolve(host, [family], [timeout]) -> list of {address, family}, never an empty one
--- | nil, message, code
function M.resolve(host, family, timeout)
  family = family or 0
  local list, message, code = numeric(host, family)
  if list or code then return list, message, code end
  if host == "" or host:find("\0", 1, true) then
    return nil, ("lookup %q: no name of a host (EAI_NONAME)"):format(host), "ENOTFOUND"
  end
  if timeout then
    list, message, code = task.timeout(timeout, search, host, family)
  else
    list, message, code = search(host, family)
  end
  if not list then return nil, message, code end
  if list[1] then return list end
  return nil, ("lookup %s: no address (EAI_NODATA)"):format(host), "ENOTFOUND"
end

local function check_options(options)
  if options == nil then return {} end
  if type(options) == "number" then return { family = options } end
  if type(options) ~= "table" then
    misuse("bad argument #2 to 'lookup' (options expected, got %s)", type(options))
  end
  for key in pairs(options) do
    if not KNOWN[key] then
      misuse("lookup: unknown option '%s' (known: all, family, order, timeout)", tostring(key))
    end
  end
  local order = options.order
  if order ~= nil and not ORDERS[order] then
    misuse("lookup: bad order '%s' (use 'verbatim', 'ipv4first' or 'ipv6first')", tostring(order))
  end
  return options
end

local function seconds_of(timeout)
  if timeout == nil then return nil end
  local ok, seconds = pcall(task.seconds, timeout)
  if ok then return seconds end
  misuse("lookup: bad timeout %s", seconds:match("%(.*%)") or seconds)
end

-- Those of the family asked for first, otherwise in the order in which they came.
local function sort(list, first)
  local sorted = {}
  for _, entry in ipairs(list) do
    if entry.family == first then sorted[#sorted + 1] = entry end
  end
  for _, entry in ipairs(list) do
    if entry.family ~= first then sorted[#sorted + 1] = entry end
  end
  return sorted
end

--- lookup(host, [options]) -> address, family | list (all) | nil, message, code
function M.lookup(host, options)
  if type(host) ~= "string" then
    misuse("bad argument #1 to 'lookup' (name of a host expected, got %s)", type(host))
  end
  options = check_options(options)
  local family = M.family_of(options.family, "lookup")
  local list, message, code = M.resolve(host, family, seconds_of(options.timeout))
  if not list then return nil, message, code end
  if options.order and options.order ~= "verbatim" then list = sort(list, ORDERS[options.order]) end
  if options.all then return list end
  return list[1].address, list[1].family
end

return M
