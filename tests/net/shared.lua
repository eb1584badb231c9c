-- Two processes accept from one listening socket: each connection goes to one of them.
local check = require "tests.lib.check"
local net = require "procrun.net"
local proc = require "procrun.proc"
local task = require "procrun.task"

if arg[1] == "child" then
  local server = assert(net.listen {fd = 3})
  local count = 0
  for socket in server:connections() do
    count = count + 1
    if socket:read("l") == "stop" then break end
    socket:finish("child\n")
    socket:close()
  end
  os.exit(count > 1 and 0 or 1)
end

local server = assert(net.listen {host = "127.0.0.1", port = 0})
local port = server:address().port
local child <close> = assert(proc.spawn(arg[-1], {arg[0], "child"},
  {stdio = {"ignore", "inherit", "inherit", server}}))
local mine = 0
local loop = task.spawn(function()
  for socket in server:connections() do
    mine = mine + 1
    socket:finish("parent\n")
    socket:close()
  end
end)

local got = {child = 0, parent = 0}
local function ask()
  local socket <close> = assert(net.connect(port, "127.0.0.1"))
  assert(socket:write("hello\n"))
  local who = socket:read("l")
  got[who] = got[who] + 1
end

repeat ask() until got.child > 0
for _ = 1, 100 do ask() end
check.eq(mine, got.parent)
server:close()
loop:wait()
ask() -- the child's is still open
check.eq(mine, got.parent)
local last <close> = assert(net.connect(port, "127.0.0.1"))
assert(last:write("stop\n"))
check.eq(child:wait().code, 0)
