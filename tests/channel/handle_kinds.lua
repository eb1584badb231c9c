-- send(message, handle): servers, sockets and UDP sockets arrive as the second argument of
-- `message`, the second result of receive() and of messages(), and work there.
local check = require "tests.lib.check"
local net = require "procrun.net"
local worker = require "tests.lib.worker"

-- What comes is used and goes back, taken in each of the three ways.
local ECHO <const> = [[
local function use(m, handle)
  if m == "server" then
    local s = handle:accept()
    s:write "accepted there\n"
    s:close()
  elseif m == "socket" then
    handle:write "written there\n"
  elseif m == "udp" then
    local bytes, from = handle:receive()
    handle:send("answered there", from.port, from.address)
  end
  process:send({was = m, none = handle == nil}, handle)
  if handle then handle:close() end
end
if arg[1] == "receive" then
  while true do
    local m, handle = process:receive()
    if m == nil then break end
    use(m, handle)
  end
elseif arg[1] == "messages" then
  for m, handle in process:messages() do use(m, handle) end
else
  process:on("message", use)
end
]]

local function exchange(child, what, handle)
  assert(child:send(what, handle))
  local m, back = child:receive(20)
  check.eq(m.was, what)
  check.eq(m.none, handle == nil)
  return back
end

local function try_server(child, place)
  local server = assert(net.listen(place))
  local port = type(place) == "string" and place or server:address().port
  local function connect()
    if type(place) == "string" then return assert(net.connect(place)) end
    return assert(net.connect(port, "127.0.0.1"))
  end
  local client = connect()
  local back = exchange(child, "server", server)
  check.eq(net._kind(back), "server")
  check.eq(client:read("a"), "accepted there\n")
  client:close()
  -- the same listening socket here, there, and once more here: whoever accepts gets it
  client = connect()
  local accepted = assert(back:accept())
  assert(accepted:write("by the copy\n"))
  check.eq(client:read("l"), "by the copy")
  back:close()
  client:close()
  accepted:close()
  client = connect()
  accepted = assert(server:accept())
  local socket = exchange(child, "socket", accepted)
  check.eq(net._kind(socket), "socket")
  check.eq(accepted:fileno(), nil) -- it went
  check.eq(client:read("l"), "written there")
  socket:write("written here\n")
  check.eq(client:read("l"), "written here")
  socket:close()
  check.eq(client:read("l"), nil)
  server:close()
end

for _, way in ipairs { "receive", "messages", "listener" } do
  local child = worker.fork(ECHO, { way })
  check.eq(exchange(child, "nothing"), nil)
  try_server(child, { host = "127.0.0.1", port = 0 })
  try_server(child, check.tmp("socket-" .. way))
  local udp, client = net.udp(), net.udp()
  udp:bind(0, "127.0.0.1")
  client:bind(0, "127.0.0.1")
  client:send("question", udp:address().port, "127.0.0.1")
  local back = exchange(child, "udp", udp)
  check.eq(net._kind(back), "udp")
  check.eq((client:receive(20)), "answered there")
  check.eq(back:address().port, udp:address().port)
  back:close()
  udp:close()
  client:close()
  child:disconnect()
  check.eq(child:wait(20).code, 0)
end
