-- luasocket: TCP and UDP on the loopback, its timeouts, select and helpers.
local rock = require "tests.lib.rock"

rock.need("lua-socket", "socket", "mime")
rock.same [[
local socket = require "socket"
local server = assert(socket.bind("127.0.0.1", 0))
local _, port = server:getsockname()
local client = assert(socket.connect("127.0.0.1", port))
local peer = server:accept()
client:send "hello\n"
print(peer:receive())
peer:send "you too"
peer:close()
print(client:receive "*a")
client:settimeout(0)
print(client:receive())
local udp = socket.udp()
print(udp:setsockname("127.0.0.1", 0))
print(#socket.select({udp}, nil, 0), select(3, socket.select({udp}, nil, 0.01)))
print(require "socket.url".parse "http://a.b:80/c?d".host, require "mime".b64 "abc")
print(require "ltn12".source.string "x"(), socket.gettime() > 1e9, socket.sleep(0.001))]]
