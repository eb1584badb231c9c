-- An error of a socket that only has a data listener ends the program, and says of which socket
-- it is.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local r = proc.run(os.getenv("PROCRUN"), {"-e", [[
  local server = assert(net.listen {host = "127.0.0.1", port = 0})
  local socket = assert(net.connect(server:address().port, "127.0.0.1"))
  local other = server:accept()
  server:close()
  socket:on("data", function() other:reset() end)
  other:write("x")
]]}, {extend_env = {LUA_INIT = "net = require 'net'"}, timeout = "20s"})
check.eq(r.code, 1, tostring(r))
check.has(r.stderr, "procrun: socket (descriptor ")
check.has(r.stderr, "): read: connection reset by peer\n")
