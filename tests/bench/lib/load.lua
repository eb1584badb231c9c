-- load.lua - how much of the machine others have used meanwhile, which makes every number worse.
-- Linux: from /proc.

local fs = require "procrun.fs"

local M = {}

local function numbers(text)
  local list = {}
  for number in text:gmatch("%d+") do list[#list + 1] = math.tointeger(number) end
  return list
end

-- Ticks: busy, of all processors; in all; and our own with those of the children waited for.
local function ticks()
  local stat, own = fs.read("/proc/stat"), fs.read("/proc/self/stat")
  if not stat or not own then return nil end
  -- user nice system idle iowait irq softirq steal
  local cpu = numbers(stat:match("^cpu ([^\n]*)"))
  local all = 0
  for i = 1, 8 do all = all + (cpu[i] or 0) end
  -- Behind the name: state, 10 numbers (some signed), utime stime cutime cstime.
  local fields = {}
  for field in own:match("%) (.*)"):gmatch("%S+") do fields[#fields + 1] = field end
  local used = 0
  for i = 12, 15 do used = used + fields[i] end
  return all - cpu[4] - (cpu[5] or 0), all, used
end

--- start() -> function that gives the share of the processors' time others have used since, or nil
function M.start()
  local busy, all, used = ticks()
  return function()
    local busy_now, all_now, used_now = ticks()
    if not busy or not busy_now or all_now == all then return nil end
    local others = (busy_now - busy) - (used_now - used)
    return math.max(0, others / (all_now - all))
  end
end

return M
