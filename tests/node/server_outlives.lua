-- A listening socket given as stdio to a detached child: it goes on serving when its parent has
-- ended, under the same port, and the port is free once it has closed.
local check = require "tests.lib.check"
local net = require "net"
local proc = require "proc"
local task = require "task"

local worker = check.write(check.tmp("worker.lua"), [[
  local server = assert(require "net".listen {fd = 3})
  server:on("connection", function(socket)
    socket:finish(("%d %d"):format(process.pid, server:address().port))
    socket:on("data", function() end)
    server:close()
  end)
]])
local parent = check.write(check.tmp("parent.lua"), ([[
  local server = assert(require "net".listen(0, "127.0.0.1"))
  local child = assert(require "proc".spawn(process.exec_path, {%q},
    {stdio = {"ignore", "ignore", "ignore", server}, detached = true}))
  child:unref()
  print(server:address().port, child.pid)
  server:close()
]]):format(worker))

local r = proc.run(process.exec_path, { parent }):check()
local port, pid = r:text():match("^(%d+)%s+(%d+)$")
port = math.tointeger(tonumber(port))

local socket = assert(net.connect(port, "127.0.0.1"))
check.eq(socket:read("a"), ("%s %d"):format(pid, port))
socket:close()

-- nobody listens any more; until the worker has really closed, a connection is just not taken
local code
assert(task.timeout("20s", function()
  repeat
    local late, _, why = net.connect(port, "127.0.0.1")
    if late then late:close() end
    code = why
    task.sleep("2ms")
  until code
  return true
end))
check.eq(code, "ECONNREFUSED")
