-- What is no terminal: a pipe, /dev/null, a descriptor that is not open.
local tty = require "procrun.tty"

local null = assert(io.open("/dev/null"))
local stream = { fileno = function() return 987654 end }
assert(tty.is_tty(null) == false and tty.is_tty(987654) == false and tty.is_tty(stream) == false)
for _, fn in ipairs { tty.size, tty.raw, function(s) return tty.set_raw(true, s) end } do
  local value, message, code = fn(null)
  assert(value == nil and type(message) == "string" and code == "ENOTTY", message)
  value, message, code = fn(stream)
  assert(value == nil and type(message) == "string" and code == "EBADF", message)
end
null:close()
