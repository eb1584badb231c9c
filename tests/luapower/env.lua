-- env and setenv: names that differ in case are two, reading and removing, the whole listing; one
-- environment with proc.env.NAME, process.env and os.getenv.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

proc.setenv("zz", "123")
proc.setenv("zZ", "567")
check.eq(proc.env("zz"), "123")
check.eq(proc.env("zZ"), "567")
check.eq(os.getenv("zz"), "123")
check.eq(process.env.zZ, "567")
check.eq(select("#", proc.setenv("zz")), 0)
proc.setenv("zZ", nil)
check.eq(proc.env("zz"), nil)
check.eq(proc.env("zZ"), nil)
proc.setenv("Zz", "321")
local all = proc.env()
check.eq(all.Zz, "321")
check.eq(all.zz, nil)
check.eq(all.PATH, os.getenv("PATH"))

-- the listing is a copy, and starts a child
all.Zz = "changed"
check.eq(proc.env("Zz"), "321")
local p = assert(proc.popen_async("/bin/sh", { "-c", "echo $Zz" }, all, nil, false, true))
check.eq(p:read_stdout("*l"), "changed")

-- the later manual's way to write
check.eq(select("#", proc.env("Zz", "a=b")), 0)
check.eq(proc.env.Zz, "a=b")
check.eq(proc.env().Zz, "a=b")
proc.env("Zz", 55)
check.eq(os.getenv("Zz"), "55")
check.eq(proc.env("Zz", nil), "55")
proc.env("Zz", false)
check.eq(proc.env("Zz"), nil)
proc.env("Zz", "")
check.eq(proc.env("Zz"), "")
proc.setenv("Zz", false)
check.eq(proc.env("Zz"), nil)
check.eq(proc.env("no=such"), nil)
assert(proc.env(nil).PATH)

check.raises("env: the name of a variable", proc.env, 5)
check.raises("env: the name of a variable", proc.env, nil, "x")
check.raises("env: the name of a variable", proc.env, "A=B", "x")
check.raises("env: the name of a variable", proc.env, "", "x")
check.raises("env.A: string, number or nil expected", proc.env, "A", {})
check.raises("env.A: the value holds a NUL", proc.env, "A", "\0")
check.raises("bad argument #1 to 'setenv'", proc.setenv)
check.raises("bad argument #2 to 'setenv'", proc.setenv, "A", true)
