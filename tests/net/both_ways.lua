-- Much goes both ways at once, through one socket, and arrives as it was.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local SIZE <const> = 32 * 1024 * 1024

local function text(seed)
  local piece = {}
  for i = 1, 1021 do piece[i] = string.char((i * seed) % 251) end
  local unit = table.concat(piece)
  return unit:rep(SIZE // #unit)
end

for _, place in ipairs {{port = 0, host = "127.0.0.1"}, {path = check.tmp("both.sock")}} do
  local server = assert(net.listen(place))
  local a = assert(net.connect(place.path or server:address().port))
  local b = assert(server:accept())
  local from_a, from_b = text(7), text(11)
  local got = task.all {
    function() return a:finish(from_a) and true end,
    function() return b:finish(from_b) and true end,
    function() return a:read("a") == from_b end,
    function() return b:read("a") == from_a end,
  }
  for i = 1, 4 do check.eq(got[i], true, i) end
  check.eq(a.bytes_read, #from_b)
  check.eq(a.bytes_written, #from_a)
  a:close()
  b:close()
  server:close()
end
