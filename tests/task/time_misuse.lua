-- A time that is none: the error names what the script has called, at the script's line.
local check = require "tests.lib.check"
local net = require "net"
local proc = require "proc"
local task = require "task"

local child = assert(proc.fork("/dev/null", {}, { stdio = "ignore" }))
local server <close> = assert(net.listen(0, "127.0.0.1"))
local udp <close> = assert(net.udp())
assert(udp:bind(0, "127.0.0.1"))

local calls = {
  receive = function(time) child:receive(time) end,
  flush = function(time) child:flush(time) end, wait = function(time) child:wait(time) end,
  accept = function(time) server:accept(time) end,
  get_connections = function(time) server:get_connections(time) end,
  get = function(time) task.queue():get(time) end,
  acquire = function(time) task.semaphore(1):acquire(time) end,
}
function calls.of_event(time) task.event():wait(time) end
function calls.of_datagrams(time) udp:receive(time) end

for name, call in pairs(calls) do
  for _, time in ipairs { {}, true, -1, "soon", 0 / 0 } do
    local text = check.raises("time", call, time)
    check.has(text, name:find("^of_") and "bad argument" or "to '" .. name .. "'")
    check.has(text, "time_misuse.lua:")
    check.lacks(text, "procrun:")
  end
end
child:disconnect()
assert(child:wait().ok)
check.raises("sleep' (time expected (seconds", task.sleep, "soon")

local own = assert(proc.fork("-", {}, { silent = true, exec_args = { "-e",
  "print(select(2, pcall(function() process:receive({}) end))) process.exit(0)" } }))
check.has(own.stdout:read("a"), ": bad argument (time expected (seconds, or \"1.5s\"), got table)")
assert(own:wait().ok)
