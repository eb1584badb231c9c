-- write_stdin: true once all bytes are written, lengths, points in time, the end, a reader that is
-- gone.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function child(script)
  return assert(proc.popen_async("/bin/sh", { "-c", script }, nil, nil, true, true))
end

local p = child("exec cat")
check.values({ p:write_stdin("hello") }, true)
check.values({ p:write_stdin(" world", 3) }, true)
check.values({ p:write_stdin(12) }, true)
check.values({ p:write_stdin("") }, true)
check.values({ p:write_stdin("!", nil, proc.clock() + 20) }, true)
check.values({ p:write_stdin("?", proc.clock() + 20) }, true)
check.values({ p:write_stdin("abc", 1, proc.clock() + 20) }, true)
check.values({ p:write_stdin(nil) }, true)
check.values({ p:write_stdin() }, true)
check.values({ p:write_stdin("late") }, nil, "broken_pipe", "EPIPE")
check.eq(p:read_stdout("*a"), "hello wo12!?a")
check.eq(p:wait(), 0)

-- true comes after all bytes: as many as no pipe holds
p = child("exec wc -c")
check.values({ p:write_stdin(("x"):rep(3000000)) }, true)
p:write_stdin()
check.eq(tonumber(p:read_stdout("*l")), 3000000)

-- a child that does not read: the time is over; what was written goes out when it does, in order
local big = ("x"):rep(1000000)
local go, gate = assert(require "procrun.fs".pipe())
p = assert(proc.popen_async { cmd = "/bin/sh", args = { "-c", "read go <&3; exec tail -c 3" },
  open_stdin = true, open_stdout = true, stdio = { [0] = "inherit", [3] = go } })
check.values({ p:write_stdin(big, proc.clock() + 0.03) }, nil, "timeout", "ETIMEDOUT")
check.values({ p:write_stdin("yz", nil, "0.02s") }, nil, "timeout", "ETIMEDOUT")
check.values({ p:write_stdin(nil, nil, "0.02s") }, nil, "timeout", "ETIMEDOUT")
gate:close()
check.values({ p:write_stdin() }, true)
check.eq(p:read_stdout("*a"), "xyz")

-- a reader that is gone: told, and standard input is closed
p = child("exec <&-; printf gone; read x")
check.eq(p:read_stdout(4), "gone")
p:wait()
check.values({ p:write_stdin("x") }, nil, "broken_pipe", "EPIPE")
assert(p.stdin:fileno() == nil)

-- two tasks: one writes more than fits while the other reads
p = child("exec cat")
local results = task.all {
  function() return p:write_stdin(big) and p:write_stdin() end,
  function() return p:read_stdout("*a") end,
}
check.eq(results[1], true)
assert(results[2] == big)

p = child("exec cat")
check.raises("bad argument #1 to 'write_stdin' (string expected, got table)", p.write_stdin, p, {})
check.raises("bad argument #2 to 'write_stdin' (length from 0 to 3 expected, got 4; a time",
  p.write_stdin, p, "abc", 4)
check.raises("bad argument #2 to 'write_stdin' (length from 0 to 3", p.write_stdin, p, "abc", -1)
check.raises("bad argument #2 to 'write_stdin' (length expected", p.write_stdin, p, "a", "1s", 5.5)
check.raises("bad argument #2 to 'write_stdin' (time", p.write_stdin, p, "abc", {})
check.raises("bad argument #3 to 'write_stdin' (time", p.write_stdin, p, "abc", 1, {})
check.raises("call it with a colon: child:write_stdin", p.write_stdin, "x")
p:forget()
local other = assert(proc.spawn("true", {}, { stdio = "ignore" }))
check.raises("the standard input of this child is no pipe to us", other.write_stdin, other, "x")
