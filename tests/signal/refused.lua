-- What cannot be caught is a failure, and leaves nothing subscribed.
local signal = require "procrun.signal"

for _, name in ipairs { "KILL", "STOP", "SEGV", "BUS", "FPE", "ILL" } do
  local value, message, code = signal.wait(name, 0)
  assert(message == "signal: SIG" .. name .. " cannot be caught")
  assert(value == nil and code == "EINVAL")
  value, message, code = signal.open { "TERM", name }
  assert(value == nil and message:find(name, 1, true) and code == "EINVAL")
end
