-- cgroup.lua - for tests that need the kernel's control groups, version 2, with the controllers
-- memory and pids: local cgroup = require "tests.lib.cgroup". Where they are not to be had the test
-- is skipped; any virtual machine with a kernel of Debian's will do, as root or in a delegated one.

local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local M = {}

local function skip(why)
  print("skip: " .. why)
  os.exit(77)
end

--- own(text) -> path in the hierarchy, from the text of a /proc/<pid>/cgroup
function M.own(text)
  return text:match("^0::([^\n]*)") or text:match("\n0::([^\n]*)")
end

local function mount()
  for line in assert(fs.read("/proc/self/mountinfo")):gmatch("[^\n]+") do
    local place = line:match("^%S+ %S+ %S+ / (%S+) .* %- cgroup2 ")
    if place then return place end
  end
  skip("no cgroup2 is mounted here")
end

--- base() -> the folder in which a child of ours with limits gets a cgroup
function M.base()
  local top = mount()
  local limits = { memory = "1G", processes = 1000 }
  local path = M.own(proc.run("cat", { "/proc/self/cgroup" }, { limits = limits }).stdout)
  local above = path:match("^(.*)/procrun%-[^/]*$")
  local control = above and fs.read(top .. above .. "/cgroup.subtree_control") or ""
  if not (control:find("%f[%w]memory%f[%W]") and control:find("%f[%w]pids%f[%W]")) then
    skip("we may not make cgroups (version 2) with memory and pids here")
  end
  return top .. above
end

--- of(base, pid) -> the folder of the cgroup of that process
function M.of(base, pid)
  local name = M.own(assert(fs.read(("/proc/%d/cgroup"):format(pid)))):match("[^/]*$")
  return base .. "/" .. name
end

--- names(base) -> names of the cgroups of our children that are there
function M.names(base)
  local list = {}
  for _, name in ipairs(assert(fs.readdir(base))) do
    if name:find("^procrun%-" .. process.pid .. "%-") then list[#list + 1] = name end
  end
  return list
end

--- gone(base): all of them go, at the latest with the sweep that comes every now and then
function M.gone(base)
  M.wait("the last cgroup", function()
    assert(proc.run("true", { limits = { processes = 10 } }).ok)
    collectgarbage()
    return #M.names(base) == 0
  end)
end

--- sweep(): another procrun makes one in the same place
function M.sweep()
  local script = "assert(require 'procrun.proc'.run('true', {limits = {processes = 10}}).ok)"
  assert(proc.run(process.exec_path, { "-e", script }):check())
end

function M.lives(pid)
  local stat = fs.read(("/proc/%d/stat"):format(pid))
  return stat ~= nil and not stat:find("%) [ZX]")
end

--- wait(what, look): until look() is true
function M.wait(what, look)
  local stop = timer.now() + 20
  while not look() do
    if timer.now() > stop then error("never came: " .. tostring(what), 2) end
    require "procrun.task".sleep(0.01)
  end
end

return M
