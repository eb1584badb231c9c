-- Lua text out of pipes and FIFOs: as the script, and for dofile, loadfile and require.
local check = require "tests.lib.check"
local function shell(command)
  local f <close> = io.popen(command)
  return f:read("a")
end
local procrun = process.exec_path
if os.execute("bash -c true 2>/dev/null") then
  check.eq(shell(([[bash -c "'%s' <(echo 'print(1, ...)') x; true"]]):format(procrun)), "1\tx\n")
end
check.eq(shell(("echo 'print(2)' | '%s' /dev/stdin"):format(procrun)), "2\n")
check.eq(shell(("echo 'print(3)' | '%s' -"):format(procrun)), "3\n")
check.eq(shell(([[echo four | '%s' -e 'print(io.open("/dev/stdin"):read("a"))']]):format(procrun)),
  "four\n\n")
local fifo = check.tmp("source.lua")
assert(os.execute("mkfifo '" .. fifo .. "'"))
local function feed(text)
  assert(os.execute(("echo '%s' >'%s' &"):format(text, fifo)))
end
feed("return 5")
check.eq(dofile(fifo), 5)
feed("return ...")
check.eq(assert(loadfile(fifo))(6), 6)
-- require opens a file twice, as Lua's: to see whether it can, and to read it.
check.eq(shell(([[echo 'return 7' | '%s' -e 'package.path = "/dev/stdin" print((require "x"))']])
  :format(procrun)), "7\n")
