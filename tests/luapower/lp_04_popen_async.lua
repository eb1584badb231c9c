-- LP-4: popen_async is there, in both forms, and has the methods that were asked for only.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local p = assert(proc.popen_async("/bin/cat", {}, nil, nil, true, true, false))
assert(p.write_stdin and p.read_stdout and p.read_stderr == nil and p.stderr == nil)
check.values({ p:write_stdin("hello") }, true)
check.values({ p:write_stdin() }, true)
check.values({ p:read_stdout("*a") }, "hello")
check.eq(p:wait(), 0)
p:forget()

p = assert(proc.popen_async { command = "/bin/sh", args = { "-c", "echo out; echo err >&2" },
  open_stderr = true, open_stdin = false, stdout = "ignore" })
assert(p.write_stdin == nil and p.read_stdout == nil and p.read_stderr)
check.eq(p:read_stderr("*a"), "err\n")
check.eq(p:wait(), 0)

p = assert(proc.popen_async("true"))
assert(p.write_stdin == nil and p.read_stdout == nil and p.read_stderr == nil)
check.eq(p:wait(), 0)

p = assert(proc.exec("true", {}))
assert(p.write_stdin == nil and p.read_stdout == nil and p.read_stderr == nil)
check.eq(p:wait(), 0)
