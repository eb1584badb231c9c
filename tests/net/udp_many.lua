-- UDP sockets, too, raise the limit of open descriptors to the hard one before they fail.
local net = require "procrun.net"

if arg[1] ~= "child" then
  assert(os.execute(("ulimit -Sn 30; exec '%s' '%s' child"):format(arg[-1], arg[0])))
  return
end

local all = {}
for i = 1, 60 do all[i] = assert(net.udp()) end
for _, each in ipairs(all) do each:close() end
