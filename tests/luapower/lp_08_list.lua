-- LP-8: a list is a command, a table with cmd or command is options.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

check.eq(proc.exec({ "/bin/sh", "-c", "exit 3" }):wait(), 3)
check.eq(proc.exec({ "/bin/sh", "-c", "exit $X" }, { X = 4 }, "/"):wait(), 4)
check.eq(proc.exec { cmd = { "/bin/sh", "-c", "exit 5" } }:wait(), 5)
check.eq(proc.exec { command = { "/bin/sh", "-c" }, args = { "exit 6" } }:wait(), 6)
check.eq(proc.exec { "/bin/sh", "-c", "exit $X", env = { X = 7 } }:wait(), 7)
check.eq(proc.exec({ "/bin/sh" }, { "-c", "exit 8" }):wait(), 8)
check.eq(proc.exec({ "/bin/sh", "-c", "exit $X" }, nil, { X = 9 }):wait(), 9)

-- the later manual's places: command, env, directory, streams
local text = luapower.output(function(out)
  return proc.exec({ "/bin/sh", "-c", "echo $X; pwd" }, { X = 1 }, "/usr", nil, out)
end)
check.eq(text, "1\n/usr\n")

local p = assert(proc.popen_async({ "/bin/sh", "-c", "cat; pwd" }, nil, "/usr", true, true))
p:write_stdin("x")
p:write_stdin()
check.eq(p:read_stdout("*a"), "x/usr\n")
check.eq(p:wait(), 0)

check.raises("exec: a list and 'cmd': one of them", proc.exec, { "ls", cmd = "ls" })
check.raises("exec: 'cmd' is said twice", proc.exec, { command = "ls", cmd = "ls" })
check.raises("exec: the command is missing", proc.exec, { dir = "/" })
