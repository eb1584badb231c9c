-- service.lua - what the servers that tests start have in common (sshd, slurm): free ports, and the
-- end of a test where they do not run.

local net = require "procrun.net"

local M = {}

--- skip(reason): ends the test as skipped
function M.skip(reason)
  print("skip: " .. reason:gsub("%s*\n%s*", " | "))
  os.exit(77)
end

--- free_ports(n) -> n numbers of ports of loopback that nobody has a moment later
function M.free_ports(n)
  local servers, ports = {}, {}
  for i = 1, n do
    servers[i] = assert(net.listen { host = "127.0.0.1", port = 0 })
    ports[i] = servers[i]:address().port
  end
  for i = 1, n do servers[i]:close() end
  return table.unpack(ports)
end

return M
