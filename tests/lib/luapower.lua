-- luapower.lua - what a child of luapower's functions writes: text, code = luapower.output(start)

local check = require "tests.lib.check"
local fs = require "procrun.fs"

local M = {}

--- output(start) -> what the process that start(pipe end) returns writes there, wait()'s results
function M.output(start)
  local reader <close>, writer = assert(fs.pipe())
  local p = assert(start(writer))
  local text = assert(reader:read("a"))
  return text, p:wait("20s")
end

--- gone(pid): waits until no process, zombie or not, has this number
function M.gone(pid)
  local task = require "procrun.task"
  local deadline = check.now() + 20
  while fs.exists("/proc/" .. pid) do
    assert(check.now() < deadline, "process " .. pid .. " is still there")
    task.sleep(0.002)
  end
end

--- children() -> the numbers of our children, zombies included, as text
function M.children()
  return check.read("/proc/thread-self/children")
end

return M
