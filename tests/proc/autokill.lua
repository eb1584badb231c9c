-- autokill: children die with their parent, even if that is killed by SIGKILL; others live on.
-- At an exit, and when a signal ends the parent, trees are ended in order.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local dir <close> = assert(fs.temp_dir())
local script = dir.path .. "/s.lua"

local function lives(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  return stat ~= nil and not stat:find("%) [ZX]")
end

local function wait_dead(pid)
  local stop = timer.now() + 10
  while lives(pid) and timer.now() < stop do
    proc.run("sleep", { 0.01 })
  end
  return not lives(pid)
end

-- Starts a parent whose script prints its child's pid and stays; returns both.
local function parent_of(text)
  fs.write(script, "local proc = require 'procrun.proc'\nlocal task = require 'procrun.task'\n"
    .. text .. "\nio.stdout:flush() task.sleep(60)")
  local parent = assert(proc.spawn(process.exec_path, { script }, { stderr = "inherit" }))
  return parent, assert(parent.stdout:read("n"))
end
local function sleeper(options)
  return ("print(proc.spawn('sleep', {60}, {stdio = 'ignore', %s}).pid)"):format(options)
end

for options, dies in pairs { ["autokill = true"] = true, ["autokill = 'TERM'"] = true,
  ["autokill = true, detached = true"] = false, ["autokill = false"] = false } do
  local parent, pid = parent_of(sleeper(options))
  parent:kill("KILL")
  assert(parent:wait(10).signal == "SIGKILL")
  if dies then
    assert(wait_dead(pid), options)
  else
    assert(lives(pid), options)
    os.execute("kill " .. pid)
  end
end

-- fork has it by default
fs.write(dir.path .. "/w.lua", "require 'procrun.task'.sleep(60)")
local fork = ("print(proc.fork(%q, {stdin = 'ignore'}).pid)"):format(dir.path .. "/w.lua")
local parent, pid = parent_of(fork)
parent:kill("KILL")
assert(parent:wait(10).signal == "SIGKILL")
assert(wait_dead(pid))

-- dying of a signal: not only those with autokill; whole trees; but not the detached
parent, pid = parent_of [[
  local c = proc.spawn('sh', {'-c', 'sleep 60 & echo $!; wait'})
  print(c.stdout:read())]]
parent:kill("TERM")
assert(parent:wait(20).signal == "SIGTERM" and wait_dead(pid))
parent, pid = parent_of(sleeper "detached = true")
parent:kill("TERM")
assert(parent:wait(20).signal == "SIGTERM" and lives(pid))
os.execute("kill " .. pid)

-- an exit ends those with autokill, and leaves the others
fs.write(script, [[
  local proc = require 'procrun.proc'
  print(proc.spawn('sh', {'-c', 'sleep 60 & wait'}, {stdio = 'ignore', autokill = true}).pid)
  print(proc.spawn('sleep', {60}, {stdio = 'ignore'}).pid)
  os.exit(4)
]])
local r = proc.run(process.exec_path, { script })
assert(r.code == 4, r.stderr)
local first, second = r.stdout:match("(%d+)%s+(%d+)")
assert(wait_dead(first) and lives(second))
os.execute("kill " .. second)
