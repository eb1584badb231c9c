-- A cancel or a timeout that leaves the block of io.popen's <close> file ends the command with all
-- that it has started, whichever way the file goes; an error and os.exit wait for its end.
local check = require "tests.lib.check"
local task = require "procrun.task"

local file = os.tmpname()
local command = ("echo $$ >'%s'; sleep 1000; echo"):format(file)

local function pid()
  while true do
    local id = check.read(file):match "%d+"
    if id then return tonumber(id) end
    task.sleep(0.005)
  end
end

local function is_gone(id) return not io.open(("/proc/%d/stat"):format(id)) end

for _, mode in ipairs {"r", "w"} do
  check.write(file, "")
  local t = task.spawn(function()
    local p <close> = io.popen(command, mode)
    task.event():wait(60)
    return p
  end)
  local id = pid()
  t:cancel()
  assert(task.timeout(20, function() t:wait() return true end))
  assert(is_gone(id), mode)
end

local _, why = task.timeout(0.05, function()
  local p <close> = io.popen "sleep 1000"
  return p:read()
end)
assert(why == "timeout")

assert(not pcall(function()
  local p <close> = io.popen(("cat; echo whole >'%s'"):format(file), "w")
  error(p)
end))
assert(check.read(file) == "whole\n")
os.remove(file)
