-- The reader of standard output goes away from a program that listens to SIGPIPE: it is told,
-- writing fails, and it goes on until the listener is gone; by print, io.write, a stream; to a pipe
-- and to a socket.
if arg[1] then
  local task = require "procrun.task"
  local ways = {
    print = print,
    write = function(text) return io.write(text, "\n") end,
    stream = function(text) return process.stdout:write(text, "\n") end,
  }
  local told = 0
  local function on_pipe(name) told = told + (name == "SIGPIPE" and 1 or 0) end
  process:on("SIGPIPE", on_pipe)
  local write = ways[arg[1]]
  while told == 0 do
    write(("y"):rep(100))
    if arg[1] == "stream" then task.yield() end
  end
  local ok, message, code = write("to nobody")
  io.stderr:write(arg[1] == "print" and "told" or not ok and "told, and failed" or "?", "\n")
  assert(arg[1] ~= "write" or message == "Broken pipe" and code == 32)
  assert(arg[1] ~= "stream" or code == "EPIPE", code)
  if arg[2] == "stay" then return end -- status 0: the script knew
  process:off("SIGPIPE", on_pipe)
  write("to nobody")
  task.sleep("20s")
end

local check = require "tests.lib.check"
local proc = require "procrun.proc"
local LINE = "{ { %s %s %s %s 2>&3; echo $? >&3; } | head -c 9 >/dev/null; } 3>&1"
for _, how in ipairs { "print", "write", "stream" } do
  local said = how == "print" and "told\n" or "told, and failed\n"
  for after, status in pairs { stay = "0", go = "141" } do
    local command = LINE:format(proc.quote(process.exec_path), proc.quote(arg[0]), how, after)
    local r = proc.exec(command):wait(20)
    check.eq(r.stdout, said .. status .. "\n", how)
  end
end

local child = assert(proc.spawn("python3", { "-c", [[
import socket, subprocess, sys
a, b = socket.socketpair()
p = subprocess.Popen(sys.argv[1:], stdout=b)
b.close()
a.recv(9)
a.close()
sys.exit(p.wait())]], process.exec_path, arg[0], "print", "stay" }))
local r = child:wait(20)
check.eq(r.stderr, "told\n")
check.eq(r.code, 0)
