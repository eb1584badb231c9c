-- Hundreds of connections that are cut, cancelled, reset and dropped at random: every answer that
-- comes is right, and in the end no descriptor and no connection is left.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"

local ROUNDS <const>, CLIENTS <const> = 60, 40
local seed = tonumber(os.getenv "SEED") or os.time()
math.randomseed(seed)
print("SEED=" .. seed)

local function descriptors()
  return #assert(fs.readdir("/proc/self/fd"))
end

local function serve(socket)
  local _ <close> = socket
  while true do
    local line = socket:read("l")
    if not line or not socket:write(line:reverse(), "\n") then return end
    local dice = math.random(40)
    if dice == 1 then return socket:reset() end
    if dice == 2 then return socket:destroy() end
    if dice == 3 then return task.sleep(0.002) end
  end
end

-- Ends in one of many ways; what it gets meanwhile is right.
local function client(place)
  local socket = net.connect(place)
  if not socket then return end
  for i = 1, math.random(10) do
    local text = ("%d-%s"):format(i, ("x"):rep(math.random(5000)))
    if not socket:write(text, "\n") then break end
    local line = socket:read("l")
    if not line then break end
    check.eq(line, text:reverse())
  end
  local dice = math.random(5)
  if dice == 1 then socket:reset() elseif dice == 2 then socket:finish() socket:read("a")
  elseif dice == 3 then socket:destroy() elseif dice == 4 then socket:close() end
end

local function round(server, place, by_events)
  local loop
  if by_events then
    server:on("connection", function(socket) task.spawn(serve, socket) end)
  else
    loop = task.spawn(function()
      for socket in server:connections() do task.spawn(serve, socket) end
    end)
  end
  local tasks = {}
  for i = 1, CLIENTS do tasks[i] = task.spawn(client, place) end
  task.sleep(math.random() * 0.01)
  for _, t in ipairs(tasks) do
    if math.random(8) == 1 then t:cancel() end
  end
  if math.random(4) == 1 then server:close() end
  for _, t in ipairs(tasks) do t:wait() end
  local closed = task.event()
  server:close(function() closed:set() end)
  if loop then loop:wait() end
  collectgarbage() -- the clients that were cancelled have dropped their sockets
  collectgarbage()
  closed:wait()
  check.eq(server:get_connections(), 0)
end

local before = descriptors()
for i = 1, ROUNDS do
  local path = check.tmp("storm.sock")
  local place = i % 2 == 0 and {path = path} or {host = "127.0.0.1", port = 0}
  local server = assert(net.listen(place))
  if not place.path then place.port = server:address().port end
  round(server, place, i % 4 >= 2)
end
collectgarbage()
collectgarbage()
check.eq(descriptors(), before)
