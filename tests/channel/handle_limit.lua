-- A receiver at its limit of descriptors refuses, says so, and gets the handle by the sender's next
-- try once it has room; if it never has, the sender is told, and nothing else is lost.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local WORKER <const> = [[
local net = require "procrun.net"
local files = {}
local function fill()
  repeat
    local file, _, code = io.open("/dev/null")
    files[#files + 1] = file
  until not file
  process:send "full"
end
net._kind(nil)
process:on("error", function(err)
  process:send {code = err.code}
  if arg[1] == "make room" then
    while #files > 0 do table.remove(files):close() end
  end
end)
process:on("message", function(m, handle)
  if m == "fill" then return fill() end
  process:send {m = m, kind = net._kind(handle)}
  if handle then handle:close() end
end)
]]

local server = assert(net.listen { host = "127.0.0.1", port = 0 })
for _, what in ipairs { "make room", "stay full" } do
  local child = worker.fork(WORKER, { what }, { limits = { files = 64 } })
  child:send("before", server)
  check.eq(child:receive(20).kind, "server")
  child:send "fill"
  check.eq(child:receive(20), "full")
  local told = task.event()
  assert(child:send("now", server, function(err)
    told.code = err and err.code
    told:set()
  end))
  assert(child:send "behind")
  check.eq(child:receive(20).code, "EMFILE")
  local m = child:receive(20)
  if what == "make room" then
    check.eq(m.m, "now")
    check.eq(m.kind, "server")
    m = child:receive(20)
  end
  check.eq(m.m, "behind")
  assert(told:wait(20))
  check.eq(told.code, what == "stay full" and "EREMOTEIO" or nil)
  child:disconnect()
  check.eq(child:wait(20).code, 0)
end
server:close()
