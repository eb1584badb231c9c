-- finish() ends one direction; the other goes on, however much there is.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

for _, place in ipairs {{port = 0, host = "127.0.0.1"}, {path = check.tmp("half.sock")}} do
  local server = assert(net.listen(place))
  local t = task.spawn(function()
    local socket <close> = assert(server:accept())
    local size = #socket:read("a")
    for _ = 1, 100 do assert(socket:write(("y"):rep(10000))) end
    return size
  end)
  local socket = assert(net.connect(place.path or server:address().port))
  assert(socket:write(("x"):rep(300000)))
  assert(socket:finish())
  check.eq(#socket:read("a"), 1000000)
  check.eq(t:wait(), 300000)
  socket:close()
  server:close()
end
