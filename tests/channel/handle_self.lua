-- A peer that sends its own end of the channel over it, with half a line or with a whole one, and
-- is gone: that end is not kept, so the channel ends, and what waits for that; in both roles.
-- requires: python3
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local worker = require "tests.lib.worker"

local function descriptors()
  collectgarbage()
  return #fs.readdir "/proc/self/fd"
end

local PROGRAM <const> = [==[
line = b'{"cmd":"NODE_HANDLE","type":"net.Socket","msg":1}\n'
socket.send_fds(s, [line[:%d]], [s.fileno()])
]==]

local function run(size)
  local child = worker.python(PROGRAM:format(size))
  local log = worker.record(child)
  assert(log.done:wait(20))
  check.eq(table.concat(log, " "), "disconnect exit close")
  return log.errors[1]
end

check.eq(run(20).code, "EPROTO")
local before = descriptors()
check.eq(run(20).code, "EPROTO")
local err = run(1000)
check.eq(err.code, "ENOTSUP")
assert(err.message:find("the channel itself came as a handle", 1, true), err.message)
check.eq(descriptors(), before)

-- the parent does so, and is gone
local script = worker.file "for m in process:messages() do print(m) end\nprint 'ended'"
local result = proc.run("python3", { "-c", [[
import os, socket, subprocess, sys
s, theirs = socket.socketpair()
child = subprocess.Popen(sys.argv[1:], pass_fds=[theirs.fileno()],
  env=dict(os.environ, NODE_CHANNEL_FD=str(theirs.fileno())))
theirs.close()
]] .. PROGRAM:format(20), assert(os.getenv "PROCRUN"), script }, { timeout = 20 })
check.eq(result.stdout, "ended\n")
