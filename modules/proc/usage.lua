-- usage.lua - what a running child uses, from /proc. Elsewhere than on Linux: nil, message, code.

local M = {}

local TICKS = 100 -- USER_HZ, which Linux never changed for /proc

local function read(path)
  local file = io.open(path)
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local function children_of(pid)
  local list = {}
  local text = read(("/proc/%d/task/%d/children"):format(pid, pid)) or ""
  for number in text:gmatch("%d+") do list[#list + 1] = math.tointeger(number) end
  return list
end

--- of(child) -> table | nil, message, "ESRCH"
function M.of(child)
  local pid = child.pid
  local stat = not child._process:exited() and read(("/proc/%d/stat"):format(pid))
  local status = stat and read(("/proc/%d/status"):format(pid))
  if not status then return nil, ("usage: child %d has ended"):format(pid), "ESRCH" end
  local fields = {}
  for field in stat:match("^.*%)%s+(.*)$"):gmatch("%S+") do fields[#fields + 1] = field end
  local function kilobytes(name)
    return (math.tointeger(status:match(name .. ":%s*(%d+)")) or 0) * 1024
  end
  return {
    state = fields[1],
    cpu_user = tonumber(fields[12]) / TICKS, cpu_system = tonumber(fields[13]) / TICKS,
    threads = math.tointeger(fields[18]), rss = kilobytes("VmRSS"), peak_rss = kilobytes("VmHWM"),
    children = children_of(pid),
  }
end

return M
