-- A terminal that io.open has opened: reading waits as a task, and goes on after Ctrl-D, as in C.
if arg[1] then
  local task = require "procrun.task"
  local ticks = 0
  local ticker = task.spawn(function()
    while true do
      ticks = ticks + 1
      task.sleep("5ms")
    end
  end)
  local f <close> = assert(io.open("/dev/tty", "r+"))
  local line = f:read()
  f:write("<", line, "> ", tostring(ticks > 3), "\n")
  f:write(tostring(f:read()), "\n")
  f:write("<", f:read("L"), ">\n")
  f:write(tostring(f:seek()), "\n")
  f:flush()
  print("from standard input", io.read(), io.read(), io.read())
  ticker:cancel()
  os.execute("[ -t 0 ] && [ -t 1 ] && echo a terminal")
  return
end
local check = require "tests.lib.check"
local terminal = require "tests.lib.terminal"
local run = ("stty -echo; '%s' '%s' x"):format(arg[-1], arg[0])
local feed = [[{ sleep 0.4; printf 'one\n'; sleep 0.2; printf '\004'; sleep 0.2; printf 'two\n';
  sleep 0.2; printf 'three\n'; sleep 0.2; printf '\004'; sleep 0.2; printf 'four\n'; sleep 0.5; }]]
local text = terminal.run(run, feed):gsub("\r", "")
check.has(text, "<one> true\nnil\n<two\n>\nnil\n")
check.has(text, "\nfrom standard input\tthree\tnil\tfour\na terminal\n")
