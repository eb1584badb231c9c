-- options.lua - what listen, create_server and connect are given, checked; paths and ports.

local misuse = require "procrun.events.misuse"
local names_of = require "procrun.events.names"
local task = require "procrun.core.task"

local M = {}

local function expect(kind)
  return function(value)
    return type(value) == kind or nil, kind
  end
end

local function is_port(value)
  local port = math.tointeger(value)
  return port and port >= 0 and port <= 65535 and port or nil, "port from 0 to 65535"
end

local function is_count(value)
  local ok = math.type(value) == "integer" and value >= 0 and value < 2 ^ 31
  return ok or nil, "count"
end

local function is_path(value)
  local ok = type(value) == "string" and value ~= "" and not value:find("%z", 2)
  return ok or nil, "path (a leading NUL byte: an abstract name)"
end

local function is_host(value)
  local ok = type(value) == "string" and value ~= "" and not value:find("%z")
  return ok or nil, "name or address of a host"
end

-- As fs has it: "600", or the number behind it.
local function is_mode(value)
  local mode = math.type(value) == "integer" and value
    or type(value) == "string" and value:find("^[0-7]+$") and tonumber(value, 8)
  return mode and mode >= 0 and mode <= 511 and mode or nil, "mode (\"600\")"
end

local TIME <const> = 'time (seconds, or "1.5s")'

local function is_time(value)
  local ok, seconds = pcall(task.seconds, value)
  return ok and seconds or nil, TIME
end

--- seconds(fname, index, value) -> number: a time that is an argument of that function
function M.seconds(fname, index, value)
  local seconds = is_time(value)
  if seconds then return seconds end
  local shown = type(value) == "string" and ("%q"):format(value)
    or type(value) == "number" and tostring(value) or type(value)
  misuse("bad argument #%d to '%s' (%s expected, got %s)", index, fname, TIME, shown)
end

-- Whole seconds; the kernel takes no more.
local function whole(seconds)
  return seconds > 0 and math.max(1, math.floor(seconds)) or 0
end

local MOST_IDLE <const> = 32767

local function is_keep_alive(value)
  local seconds = type(value) == "boolean" or is_time(value)
  local fits = seconds == true or seconds and seconds <= MOST_IDLE
  if not fits then return nil, "boolean or time of at most " .. MOST_IDLE .. " seconds" end
  return seconds == true or whole(seconds)
end

--- keep_alive(value) -> whole seconds; 0: as the system has it
function M.keep_alive(value)
  local seconds = value ~= nil and M.seconds("keep_alive", 2, value) or 0
  if seconds <= MOST_IDLE then return whole(seconds) end
  misuse("bad argument #2 to 'keep_alive' (at most %d seconds, got %s)", MOST_IDLE,
    tostring(value))
end

local function is_family(value)
  return (value == 4 or value == 6) or nil, "4 or 6"
end

local boolean = expect "boolean"

-- What each option may be: a check gives nil for what does not do, true, or the value to be used.
M.SERVER = {
  allow_half_open = boolean, pause_on_connect = boolean, no_delay = boolean,
  keep_alive = is_keep_alive,
}

M.LISTEN = {
  host = is_host, port = is_port, path = is_path, fd = is_count, backlog = is_count,
  reuse_port = boolean, ipv6_only = boolean, mode = is_mode, timeout = is_time,
}

M.CONNECT = {
  host = is_host, port = is_port, path = is_path, timeout = is_time, local_address = is_host,
  local_port = is_port, family = is_family, no_delay = boolean, keep_alive = is_keep_alive,
  allow_half_open = boolean,
}

--- check(fname, options, known, [also]) -> a checked copy
function M.check(fname, options, known, also)
  local checked = {}
  for key, value in pairs(options) do
    local check = known[key] or also and also[key]
    if not check then
      misuse("%s: unknown option '%s' (known: %s)", fname, tostring(key),
        also and names_of(known, also) or names_of(known))
    end
    local ok, wanted = check(value)
    if ok == nil then
      local shown = type(value) == "string" and ("%q"):format(value) or tostring(value)
      misuse("%s: bad option '%s' (%s expected, got %s)", fname, key, wanted, shown)
    end
    if ok == true then ok = value end
    checked[key] = ok
  end
  return checked
end

--- where(fname, first, second) -> table of options, how many arguments it took: a port with an
--- optional host, a path, or a table
function M.where(fname, first, second)
  if type(first) == "table" then return first, 1 end
  local port = math.tointeger(first)
  if type(first) == "string" and not port then return {path = first}, 1 end
  if type(first) ~= "number" and not port then
    misuse("bad argument #1 to '%s' (port, path or options expected, got %s)", fname, type(first))
  end
  if type(second) == "string" then return {port = first, host = second}, 2 end
  return {port = first}, 1
end

return M
