-- monitor.lua - what processes are and use: proc.info, list, system; child:usage. Linux; elsewhere
-- info, list and a child's usage are nil, message, "ENOTSUP".

local command = require "procrun.proc.command"
local core = require "procrun.core.monitor"
local misuse = require "procrun.events.misuse"

local M = {}

local AT_ONCE <const> = 100 -- entries made a table before other tasks have a turn

-- What a filter may hold, and of what type.
local FILTERS = {
  ppid = "integer", pgid = "integer", sid = "integer", uid = "integer", gid = "integer",
  user = "string", name = "string", state = "string",
}

-- As a line for a shell; a name in brackets, as ps shows it, where there is no command.
local function add_command(info)
  local argv = info.argv
  info.command = argv[1] and command.show(argv[1], argv, 2) or "[" .. (info.name or "") .. "]"
  return info
end

--- usage(child) -> table | nil, message, code
function M.usage(child)
  if not child._process:exited() then
    local usage, message, code = core.usage(child.pid)
    if usage or code ~= "ESRCH" then return usage, message, code end
  end
  return nil, ("usage: child %d has ended; its result has what it used"):format(child.pid), "ESRCH"
end

--- info(pid) -> table | nil, message, code
function M.info(pid)
  if math.type(pid) ~= "integer" then
    local got = math.type(pid) and tostring(pid) or type(pid)
    misuse("bad argument #1 to 'info' (number of a process expected, got %s)", got)
  end
  local info, message, code = core.info(pid)
  if not info then return nil, message, code end
  return add_command(info)
end

local function check_filter(filter)
  local kind = type(filter)
  if kind == "nil" then return {} end
  if kind == "function" then return {}, filter end
  if kind ~= "table" then
    misuse("bad argument #1 to 'list' (table or function expected, got %s)", kind)
  end
  for key, value in pairs(filter) do
    local wanted = FILTERS[key]
    if not wanted then
      misuse("list: no filter '%s'; there are gid, name, pgid, ppid, sid, state, uid, user",
        tostring(key))
    end
    if (math.type(value) or type(value)) ~= wanted then
      misuse("list: filter '%s': %s expected, got %s", key, wanted,
        math.type(value) or type(value))
    end
    if wanted == "integer" and value < 0 then
      misuse("list: filter '%s': %d is no number of that kind", key, value)
    end
  end
  if filter.state and #filter.state ~= 1 then
    misuse("list: filter 'state': one letter expected, as in 'R', got %q", filter.state)
  end
  return filter
end

--- list([filter]) -> list of tables as of info | nil, message, code
function M.list(filter)
  local fields, accept = check_filter(filter)
  local found, count, code = core.list(fields)
  if not found then return nil, count, code end
  local _ <close> = found
  local list = {}
  for i = 1, count do
    local info = add_command(core.entry(found, i))
    if not accept or accept(info) then list[#list + 1] = info end
    if i % AT_ONCE == 0 then core.pause() end
  end
  return list
end

M.system = core.system

return M
