-- What ends a task, or the program, that is in os.execute ends the command, and all it has started.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local file = check.tmp("pids")
-- A shell that waits for a grandchild of ours; both tell who they are.
local COMMAND <const> = ("sh -c 'echo $$ >>\"$0\"; exec sleep 1000' '%s' & echo $$ >>'%s'; wait")
  :format(file, file)

local function pids()
  local list = {}
  for pid in (fs.read(file) or ""):gmatch("(%d+)\n") do list[#list + 1] = tonumber(pid) end
  return list
end

local function is_started()
  while #pids() < 2 do task.sleep("5ms") end
  return pids()
end

local function check_gone(list)
  for _, pid in ipairs(list) do
    local stat = fs.read(("/proc/%d/stat"):format(pid))
    assert(not stat or stat:match("%) (%a)") == "Z", "it still runs: " .. pid)
  end
  assert(fs.remove(file))
end

local t = task.spawn(os.execute, COMMAND)
local list = is_started()
t:cancel()
t:wait()
check_gone(list)

check.values({task.timeout(0.2, function()
  task.spawn(function() list = is_started() end)
  return os.execute(COMMAND)
end)}, nil, "timeout", "ETIMEDOUT")
check_gone(list)

-- A script that does nothing else ends of a signal; os.exit in another task ends it, too.
local script = check.write(check.tmp("loop.lua"), ([[
  if arg[1] then
    require "task".spawn(function() io.read() os.exit(3) end)
  end
  while true do os.execute(%q) end]]):format(COMMAND))
for _, name in ipairs {"SIGTERM", "SIGHUP"} do
  local child = proc.spawn(process.exec_path, {script}, {stdio = "inherit"})
  list = is_started()
  child:kill(name)
  check.eq(child:wait().signal, name)
  check_gone(list)
end
local child = proc.spawn(process.exec_path, {script, "x"}, {stdin = "pipe"})
list = is_started()
child.stdin:write("go\n")
check.eq(child:wait().code, 3)
check_gone(list)
