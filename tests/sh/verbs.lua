-- What each verb gives, and what it raises.
local check = require "tests.lib.check"
local sh = require "procrun.sh"
local task = require "procrun.task"

local FAILS <const> = { "sh", "-c", "echo out; echo err >&2; exit 3" }
local FAILS_QUIETLY <const> = { "sh", "-c", "echo out; echo err >&2; exit 3", quiet = true }

-- run: a result, also by calling sh itself
check.eq(sh.run("true").ok, true)
check.eq(sh("true").code, 0)
check.eq(sh { "sh", "-c", "exit 3", check = false }.code, 3)
local accepted = sh { "sh", "-c", "exit 3", ok = { 0, 3 } }
check.eq(accepted.ok, true)
check.eq(tostring(accepted), "`sh -c 'exit 3'` ended with exit status 3")
local e = check.raises("exit status 0", sh.run, { "true", ok = { 1 } })
check.eq(e.exit_code, 0)
check.raises("was not captured", function() return sh.run("true"):text() end)
check.eq(sh { "cat", input = "given", stdout = "capture" }.stdout, "given")

check.raises("for bytes use the option input", sh.run, { "cat", stdin = "bytes" })

-- text: without the newlines at the end; standard input is empty
check.eq(sh.text("printf 'a\\nb\\n\\n'"), "a\nb")
check.eq(sh.text("cat"), "")
e = check.raises("exit status 3", sh.text, FAILS_QUIETLY)
check.eq(e.stdout, "out\n")
check.eq(e.stderr, "err\n")
check.eq(e.exit_code, 3)
check.eq(sh.text { "printf", "a\\000b" }, "a\0b")

-- json
check.eq(sh.json("echo '[1, {\"a\": 2}]'")[2].a, 2)
check.raises("no JSON", sh.json, "echo '{'")
check.raises("it begins with \"{x\\n\"", sh.json, "echo '{x'")
check.raises("it is empty", sh.json, "true")
check.raises("exit status 3", sh.json, FAILS_QUIETLY)

-- ok: raises only for what is no answer
check.eq(sh.ok("true"), true)
check.eq(sh.ok(FAILS), false)
check.eq(sh.ok { "sh", "-c", "exit 3", ok = { 3 } }, true)
check.raises("command not found: no-such-program", sh.ok, "no-such-program")
check.raises("killed by SIGTERM", sh.ok, { "sh", "-c", "kill $$" })
check.raises("timed out after 0.05s", sh.ok, { "sleep", 60, timeout = 0.05 })

-- try: raises only if it cannot start
local r = sh.try(FAILS)
check.eq(r.ok, false)
check.eq(r.code, 3)
check.eq(r.stdout, "out\n")
check.eq(r.stderr, "err\n")
check.eq(r:text(), "out")
check.eq(sh.try { "sh", "-c", "kill $$" }.signal, "SIGTERM")
check.eq(sh.try { "sleep", 60, timeout = 0.05 }.timed_out, true)
check.raises("command not found", sh.try, "no-such-program")
check.raises("result.out: it is called 'stdout' here", function() return r.out end)

-- check = false is for failures of the program itself
check.raises("timed out", sh.run, { "sleep", 60, timeout = 0.05, check = false })
check.raises("command not found", sh.run, { "no-such-program", check = false })

-- a cancel ends the command
local t = task.spawn(sh.run, "sleep 60")
task.sleep(0.01)
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")
check.eq(select(3, task.timeout(0.05, sh.text, "sleep 60")), "ETIMEDOUT")

-- a name that is not there is no program
check.raises("there is no sh.ls (a program is run by sh.run \"ls\")", function() return sh.ls end)
check.raises("it is task.spawn", function() return sh.spawn end)
