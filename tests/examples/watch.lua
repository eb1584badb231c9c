-- watch.lua runs a command at once and after each change; a run that is busy then is stopped with
-- what it has started.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need "pgrep"
local dir, marker = check.tmp "sr c", "5" .. process.pid
assert(fs.mkdir_p(dir))
local child <close> = example.start("watch", { "-d", dir, "-i", "*.o", "--count", 3, "sh", "-c",
  'if [ -e "$2" ]; then echo "run [$1]"; cat "$2"; else echo "wait [$1]"; sleep "$3"; fi',
  "sh", "$(touch pwned)", dir .. "/ready", marker })

check.eq(child.stdout:read "l", "wait [$(touch pwned)]")
check.write(dir .. "/a.o", "not this")
check.write(dir .. "/ready", "first\n")
check.eq(child.stdout:read "l", "run [$(touch pwned)]")
check.eq(child.stdout:read "l", "first")
assert(not proc.run("pgrep", { "-fx", "sleep " .. marker }).ok, "the run before goes on")

check.write(dir .. "/ready", "second\n")
check.eq(child.stdout:read "l", "run [$(touch pwned)]")
check.eq(child.stdout:read "l", "second")
local log = child.stderr:read "a"
assert(child:wait().ok, log)
assert(not fs.exists "pwned")
check.has(log, "ready")
check.lacks(log, "a.o")

-- A command that fails is told of.
local r = example.run("watch", { "-c1", "-d", dir, "sh", "-c", "exit 3" })
check.eq(r.code, 0)
check.has(r.stderr, "failed with 3")
check.eq(example.run("watch", { "-d", dir .. "/none", "true" }).code, 2)
check.eq(example.run("watch", { "-d", dir, "no-such-program" }).code, 127)
