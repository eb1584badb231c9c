-- On a terminal: lines go out at once, input comes by lines, and the terminal is left as it was.
if arg[1] then
  assert(process.stdin.is_tty and process.stdout.is_tty and process.stderr.is_tty)
  print("size", process.stdout.columns, process.stdout.rows)
  print("line", io.read(), process.stdin:read())
  for fd = 0, 2 do -- O_NONBLOCK is 04000: the terminal is shared with whoever started us
    local flags = io.open("/proc/self/fdinfo/" .. fd):read("a"):match("flags:%s*(%d+)")
    assert(tonumber(flags, 8) & 2048 == 0, flags)
  end
  io.write("prompt> ")
  io.flush()
  io.stderr:write("error\n")
  print(tostring(io.read("a")))
  return
end
local terminal = require "tests.lib.terminal"
local run = ("stty -echo cols 81 rows 25; '%s' '%s' x"):format(arg[-1], arg[0])
local feed = [[{ sleep 0.3; printf 'one\ntwo\nthree\n\004'; sleep 0.5; }]]
local text = terminal.run(run, feed):gsub("\r", "")
assert(text:find("size\t81\t25\nline\tone\ttwo\nprompt> error\nthree\n\n", 1, true), text)
