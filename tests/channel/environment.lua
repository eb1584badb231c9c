-- NODE_CHANNEL_FD and its mode: in the child's environment only, gone once it runs, and believed
-- only if the descriptor can be a channel.
local check = require "tests.lib.check"
local proc = require "proc"
local worker = require "tests.lib.worker"

assert(not os.getenv "NODE_CHANNEL_FD")
local child = worker.fork [[
process.send {
  here = os.getenv "NODE_CHANNEL_FD" or "nil",
  mode = process.env.NODE_CHANNEL_SERIALIZATION_MODE or "nil",
  below = require("proc").run("env"):text():match "NODE_CHANNEL[^\n]*" or "nil",
  fds = require("proc").run("ls", {"-l", "/proc/self/fd"}):text():match "socket" or "nil",
}
]]
local m = child:receive(20)
check.eq(m.here .. m.mode .. m.below .. m.fds, "nilnilnilnil")
child:wait(20)

-- the slot: the first free one, or the one that says 'ipc'
local show = "echo \"\\\"$NODE_CHANNEL_FD $NODE_CHANNEL_SERIALIZATION_MODE\\\"\" >&$NODE_CHANNEL_FD"
for slot, options in pairs {
  [3] = { channel = "fd" },
  [4] = { channel = "fd", stdio = { "ignore", "inherit", "inherit", "ignore" } },
  [5] = { stdio = { [0] = "ignore", "inherit", "inherit", [5] = "ipc" } },
} do
  local c = assert(proc.spawn("sh", { "-c", show }, options))
  if slot ~= 4 then check.eq(c:receive(20), slot .. " json") else c:receive(20) end
  c:wait(20)
end

-- a channel on 0 or 1 is one, and print does not garble it
for fd = 0, 1 do
  local c = worker.fork("print 'garbage' process.send(io.read() or 'empty')", {}, {
    stdio = { [0] = fd == 0 and "ipc" or "ignore", fd == 1 and "ipc" or "ignore", "ignore" },
  })
  check.eq(c:receive(20), "empty")
  assert(c:wait(20).ok)
end

-- wrong ones are no channel
for _, value in ipairs { "", "abc", "-1", "99", "1000000000000", "0", "2", "7" } do
  local r = proc.run(os.getenv "PROCRUN", {
    "-e", "print(process.connected, pcall(process.send, 1))",
  }, { extend_env = { NODE_CHANNEL_FD = value } })
  check.eq(r.code, 0, value)
  check.has(r.stdout, "false\tfalse\t")
  check.has(r.stdout, "send: not started with a channel")
end
