-- net.lua - the network: local address = net.lookup("localhost")
-- What each call needs is loaded by its first use.

local M = {}

--- lookup(host, [options]) -> address, family | list | nil, message, code
function M.lookup(...)
  return require "procrun.net.lookup".lookup(...)
end

return M
