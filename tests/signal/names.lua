-- number, name and names agree with each other and with the system.
local signal = require "procrun.signal"

assert(signal.number("SIGTERM") == 15 and signal.number("TERM") == 15)
assert(signal.number("sigkill") == 9)
assert(signal.name(15) == "SIGTERM" and signal.name(2) == "SIGINT")
local value, message, code = signal.number("NOPE")
assert(value == nil and message:find("NOPE", 1, true) and code == "EINVAL")
value, message, code = signal.name(0)
assert(value == nil and message:find("0", 1, true) and code == "EINVAL")
for _, number in ipairs { -1, 65, 1000, math.maxinteger } do assert(signal.name(number) == nil) end

local names, last, known = signal.names(), 0, {}
for _, name in ipairs(names) do
  local number = assert(signal.number(name))
  assert(number > last and signal.name(number) == name)
  last, known[name] = number, true
end
assert(known.SIGHUP and known.SIGKILL and known.SIGRTMIN and #names > 50)
