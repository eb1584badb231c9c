-- Where no descriptor is left, connections wait in the queue; nothing spins, and nothing is lost.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"

if arg[1] ~= "child" then
  local command = ("ulimit -n 40; exec '%s' '%s' child"):format(arg[-1], arg[0])
  assert(os.execute(command))
  return
end

local path = check.tmp("full.sock")
local server = assert(net.listen(path))
local clients = {assert(net.connect(path)), assert(net.connect(path)), assert(net.connect(path))}
local full = {}

local function fill()
  repeat
    local file = fs.open("/dev/null")
    full[#full + 1] = file
  until not file
end

local function free(n)
  for _ = 1, n do table.remove(full):close() end
end

fill()
local before = process.usage()
check.values(table.pack(server:accept()), nil, "accept: too many open files", "EMFILE")
check.values(table.pack(server:accept(0.01)), nil, "timeout", "ETIMEDOUT")
for _ = 1, 3 do check.eq(select(3, server:accept()), "EMFILE") end
check.eq(select(3, net.connect(path)), "EMFILE")
free(1)
local first = assert(server:accept())

-- The loop is told, and goes on.
local codes = {}
server:on("error", function(err)
  codes[#codes + 1] = err.code
  if #codes == 2 then free(1) end
end)
server:connections()():close()
check.eq(table.concat(codes, " "), "EMFILE EMFILE")

-- Listeners likewise.
fill()
codes = {}
local heard = task.event()
server:on("connection", function()
  server:close()
  heard:set()
end)
heard:wait()
check.eq(table.concat(codes, " "), "EMFILE EMFILE")
local after = process.usage()
local spent = after.cpu_user + after.cpu_system - before.cpu_user - before.cpu_system
assert(spent < 0.5, spent) -- of a second or so that it waited
first:close()
for _, each in ipairs(clients) do each:close() end
