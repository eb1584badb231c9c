-- A server keeps the program alive until it is closed, or unref() was called; with a `connection`
-- listener it lives on without a reference.
local check = require "tests.lib.check"

local head = "local net = require 'procrun.net' local task = require 'procrun.task'\n"
local held = check.run(head .. [[
local port
do
  local server = net.create_server(function(socket)
    socket:on("data", function(bytes) print(bytes) os.exit(3) end)
  end)
  assert(server:listen(0, "127.0.0.1"))
  port = server:address().port
end
collectgarbage()
collectgarbage()
task.spawn(function()
  local socket = assert(net.connect(port, "127.0.0.1"))
  socket:write("hello")
end)
]])
check.eq(held.err, "")
check.eq(held.out, "hello\n")
check.eq(held.code, 3)

for _, body in ipairs {
  "net.create_server(function() end):listen(0, '127.0.0.1'):unref()",
  "net.create_server(function() end):unref():listen(0, '127.0.0.1')",
  "kept = net.listen(0):unref()",
  "kept = net.listen(0) task.spawn(function() kept:accept() end) task.yield() kept:close()",
  "net.listen(0) collectgarbage() collectgarbage()",
  "kept = net.listen(0):unref():ref():unref():on('connection', print)",
} do
  local run = check.run(head .. body)
  check.eq(run.err, "", body)
  check.eq(run.out, "", body)
  check.eq(run.code, 0, body)
end

-- Nobody takes connections from these, and they hold nevertheless.
for _, body in ipairs {
  "kept = net.listen(0)",
  "kept = net.listen(0):unref():ref()",
  "kept = net.listen(0):on('close', print)",
  "kept = net.listen(0):on('connection', print) kept:remove_all_listeners()",
  "kept = net._adopt('server', net._share(net.listen(0)))",
  "kept = net.listen(0) client = net.connect(kept:address().port)",
  "kept = net.listen(0):unref() task.spawn(function() kept:accept() end)",
} do
  local timer = "require 'procrun.timer'.after(0.05, function() os.exit(7) end):unref()\n"
  local run = check.run(head .. timer .. body)
  check.eq(run.err, "", body)
  check.eq(run.code, 7, body)
end
