-- read_stdout and read_stderr: formats, sizes, the end, points in time; of every child.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local function child(script)
  return assert(proc.popen_async("/bin/sh", { "-c", script }, nil, nil, true, true, true))
end

-- lines, sizes, the rest, the end
local p = child("printf 'one\\ntwo\\nthree four'; printf e1 >&2")
check.eq(p:read_stdout("*l"), "one")
check.eq(p:read_stdout("*L"), "two\n")
check.eq(p:wait(), 0)
check.eq(p:read_stdout(5), "three")
check.eq(p:read_stdout("*a"), " four")
check.values({ p:read_stdout("*a") }, "")
check.values({ p:read_stdout("*l") }, nil, "broken_pipe", "EPIPE")
check.values({ p:read_stdout(1) }, nil, "broken_pipe", "EPIPE")
check.eq(p:read_stderr(), "e1")
check.values({ p:read_stderr() }, nil, "broken_pipe", "EPIPE")

-- a size is the most, not the least: what is there is given
p = child("printf hello; read x; printf ' again'")
check.eq(p:read_stdout(4096), "hello")
p:write_stdin("\n")
check.eq(p:read_stdout(4096, nil), " again")

-- a point in time, in both places of the manual; what is there then is not lost
p = child("printf part; read x; echo ial; read x")
check.values({ p:read_stdout("*l", proc.clock() + 0.03) }, nil, "timeout", "ETIMEDOUT")
check.values({ p:read_stdout("*a", nil, proc.clock() + 0.03) }, nil, "timeout", "ETIMEDOUT")
check.values({ p:read_stdout("*l", proc.clock() - 100) }, nil, "timeout", "ETIMEDOUT")
check.values({ p:read_stdout("*l", "0.02s") }, nil, "timeout", "ETIMEDOUT")
check.values({ p:read_stdout("*l", 0) }, nil, "timeout", "ETIMEDOUT")
p:write_stdin("\n")
check.eq(p:read_stdout("*l", nil, proc.clock() + 20), "partial")
check.eq(p:read_stdout("*l", "1ms"), nil)
p:write_stdin("\n")
check.values({ p:read_stdout("*l", math.huge) }, nil, "broken_pipe", "EPIPE")

-- bytes that are there already need no time
p = child("printf x; exec >&-; read y")
check.eq(p:read_stdout(1), "x")
check.eq(p:read_stdout("*a"), "")
p:kill()

-- a child that nobody reads does not stand while it is waited for; all can be read afterwards
p = child("head -c 3000000 /dev/zero; head -c 500000 /dev/zero >&2")
check.eq(p:wait("20s"), 0)
check.eq(#p:read_stdout("*a"), 3000000)
check.eq(#p:read_stderr("*a"), 500000)
p = child("echo line; head -c 3000000 /dev/zero")
check.eq(p:read_stdout("*l"), "line")
check.eq(p:wait("20s"), 0)
check.eq(#p:read_stdout("*a"), 3000000)

-- up to max_buffer: then it stands, nothing is thrown away, and a reader lets it go on
p = assert(proc.popen_async { "head", "-c", "3000000", "/dev/zero", open_stdout = true,
  max_buffer = "1M" })
check.values({ p:wait("0.2s") }, nil, "active")
check.eq(#p:read_stdout("*a"), 3000000)
check.eq(p:wait("20s"), 0)

-- every child has them
local spawned = assert(proc.spawn("cat"))
check.values({ spawned:write_stdin("a\nb") }, true)
check.eq(spawned:read_stdout("*l"), "a")
check.values({ spawned:write_stdin() }, true)
check.eq(spawned:read_stdout("*a", proc.clock() + 20), "b")
check.eq(spawned:wait().code, 0)
check.values({ spawned:read_stdout("*l") }, nil, "broken_pipe", "EPIPE")

-- misuse
p = child("")
check.raises("bad argument #1 to 'read_stdout' (\"*a\", \"*l\" or a size expected, got \"x\")",
  p.read_stdout, p, "x")
check.raises("bad argument #1 to 'read_stdout' (a size of at least 1", p.read_stdout, p, 0)
check.raises("bad argument #1 to 'read_stdout' (a size of at least 1", p.read_stdout, p, 1.5)
check.raises("there are no buffers", p.read_stderr, p, {}, 10)
check.raises("bad argument #2 to 'read_stdout' (nil expected", p.read_stdout, p, "*a", 10, 20)
check.raises("bad argument #2 to 'read_stdout' (time", p.read_stdout, p, "*a", "soon")
check.raises("bad argument #2 to 'read_stdout' (time", p.read_stdout, p, "*a", 0 / 0)
check.raises("bad argument #3 to 'read_stdout' (time", p.read_stdout, p, "*a", nil, {})
check.raises("call it with a colon: child:read_stdout", p.read_stdout)
check.raises("the standard output of this child is no pipe to us",
  spawned.read_stdout, assert(proc.spawn("true", {}, { stdio = "ignore" })))
p.stdout:on("data", print)
check.raises("a 'data' listener takes what comes", p.read_stdout, p, "*a")
