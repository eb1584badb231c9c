-- allow_half_open: after `end` the other direction stays open until the script ends it.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local closed = task.event()
local server = net.create_server({allow_half_open = true}, function(socket)
  socket:on("data", function() end)
  socket:on("end", function()
    task.spawn(function()
      task.yield()
      assert(socket:write("written after the end"))
      socket:close()
      closed:set()
    end)
  end)
end)
assert(server:listen(0, "127.0.0.1"))
local socket = assert(net.connect(server:address().port, "127.0.0.1"))
assert(socket:finish("all of it"))
check.eq(socket:read("a"), "written after the end")
check.values(table.pack(socket:write("x")), nil, "write: broken pipe", "EPIPE")
closed:wait()
socket:close()
server:close()
