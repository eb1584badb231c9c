-- A subscription misses nothing: it counts what came before wait, and keeps the order.
local signal = require "procrun.signal"

local function send(name) os.execute("kill -" .. name .. " $PPID") end

local s <close> = assert(signal.open { "USR1", "USR2", "TERM" })
send("USR2")
assert(signal.wait("USR2", 0) == nil) -- came before that call
do
  local turn <close> = assert(signal.open("CONT"))
  send("CONT")
  assert(turn:wait(20) == "SIGCONT") -- the loop has seen USR2 by now
end
send("USR1")
send("USR1")
send("USR1")
assert(s:wait(20) == "SIGUSR2")
assert(s:wait(20) == "SIGUSR1")
send("TERM") -- let through by the rest of USR1
do
  local turn <close> = assert(signal.open("CONT"))
  send("CONT")
  assert(turn:wait(20) == "SIGCONT")
end
assert(s:wait(0) == "SIGUSR1")
assert(s:wait(0) == "SIGTERM")
assert(s:wait(0) == "SIGUSR1")
local name, _, code = s:wait(0)
assert(name == nil and code == "ETIMEDOUT")
