-- wait returns the name of the signal that came; only it keeps the process alive.
local signal = require "procrun.signal"
local timer = require "procrun.timer"

local function send_later(name)
  timer.after("10ms", function() os.execute("kill -" .. name .. " $PPID") end):unref()
end

send_later("USR1")
local results = table.pack(signal.wait("USR1"))
assert(results.n == 1 and results[1] == "SIGUSR1")
send_later("TERM") -- the default action is off
assert(signal.wait({ "SIGINT", "TERM" }, "20s") == "SIGTERM")
send_later("USR2")
assert(signal.wait("USR1", "USR2", "20s") == "SIGUSR2")
send_later("HUP")
assert(signal.wait(1, 20) == "SIGHUP")
send_later("WINCH")
assert(signal.wait({ "winch", 10 }, nil) == "SIGWINCH")

local name, message, code = signal.wait("TERM", 0.005)
assert(name == nil and message == "timeout" and code == "ETIMEDOUT")
name, message, code = signal.wait({ "TERM" }, "0s")
assert(name == nil and message == "timeout" and code == "ETIMEDOUT")
