-- Sockets by relative paths: each task has those of its own directory, and a server removes its own
-- path from wherever it is closed.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
local servers = task.map({ "a", "b", "c" }, 3, function(name)
  fs.mkdir(root .. "/" .. name)
  local _ <close> = assert(proc.scope { cwd = root .. "/" .. name })
  local server = assert(net.listen { path = "s" })
  task.sleep(0)
  task.spawn(function()
    local socket <close> = server:accept()
    socket:write(name)
  end)
  local client <close> = assert(net.connect { path = "s" })
  check.eq(client:read "a", name)
  return server
end)
for i, name in ipairs { "a", "b", "c" } do
  local _ <close> = assert(proc.scope { cwd = root .. "/a" })
  check.eq(fs.exists(root .. "/" .. name .. "/s"), true)
  servers[i]:close()
  check.eq(fs.exists(root .. "/" .. name .. "/s"), false)
end
