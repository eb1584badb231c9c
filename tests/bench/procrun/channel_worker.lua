-- channel_worker.lua MODE N - the other side of channel.lua.

local mode, n = arg[1], math.tointeger(arg[2])

local function send_all()
  for i = 1, n do process.send({ id = i, name = "worker", value = 3.25, ok = true }) end
end

if mode == "echo" then
  for m in process.messages() do process.send(m) end
elseif mode == "echo_events" then
  process:on("message", function(m) process.send(m) end)
elseif mode == "once" then
  process.send(process.receive())
elseif mode == "flood" then
  process.send("ready")
  process.receive()
  send_all()
  process.receive() -- until the parent has them all
else
  send_all()
  if mode == "loss" then process.disconnect() else process.exit(0) end
end
