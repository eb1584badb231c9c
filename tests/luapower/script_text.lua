-- The text of a script in place of a file, as exec_lua of later versions: on standard input, the
-- script may read what comes behind it, up to the true end.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local p = assert(proc.exec { process.exec_path, "-", "an argument", stdin = "pipe", stdout = true,
  input = "print(...) os.exit(123)" })
check.eq(p.stdout:read("a"), "an argument\n")
check.eq(p:wait("20s"), 123)
p:kill() -- a dead one: no error, and told
check.values({ p:kill() }, nil, "invalid pid", "ESRCH")
p:forget()

p = assert(proc.popen_async(process.exec_path,
  { "-e", "print(io.read('n'), io.read('L'), io.read('a'), io.read(0))" }, nil, nil, true, true))
assert(p:write_stdin("12 rest of the line\nand "))
assert(p:write_stdin("more"))
assert(p:write_stdin())
check.eq(p:read_stdout("*a"), "12\t rest of the line\n\tand more\tnil\n")
check.eq(p:wait(), 0)
