-- result: what it holds, check, text, lines, json, and its sentence.
local proc = require "procrun.proc"

local r = proc.run("sh", { "-c", "printf 'a\\n\\nb\\n'; echo warned >&2" })
assert(r.ok and r.code == 0 and r.signal == nil and r.error == nil and r.errno == nil)
assert(r.timed_out == false and r.limit == nil)
assert(r.stdout == "a\n\nb\n" and r.stderr == "warned\n")
assert(r:text() == "a\n\nb" and table.concat(r:lines(), ",") == "a,,b")
assert(r:check() == r)
assert(r.argv[1] == "sh" and r.argv[3]:find("printf") and #r.argv == 3)
assert(r.seconds > 0 and r.seconds < 30)
local is_uv = require "procrun.core.process".backend() == "uv" -- which knows no usage
assert(r.usage.cpu_user >= 0 and r.usage.cpu_system >= 0 and (is_uv or r.usage.peak_rss > 0))
assert(tostring(r):find("^`sh %-c .*` succeeded$"), tostring(r))
assert(proc.run("true"):text() == "" and #proc.run("true"):lines() == 0)
assert(proc.run("printf", { "x\n\n" }):lines()[2] == "")

local value = proc.run("echo", { '{"a": [1, 2]}' }):json()
assert(value.a[2] == 2)
local none, message = proc.run("echo", { "{" }):json()
assert(none == nil and message)

-- failure: the error object
r = proc.run("sh", { "-c", "echo why >&2; exit 7" })
assert(not r.ok and r.code == 7 and r.errno == nil and r.error == tostring(r))
assert(tostring(r) == "`sh -c 'echo why >&2; exit 7'` failed with exit status 7", tostring(r))
local ok, err = pcall(r.check, r)
assert(not ok and err.result == r and err.exit_code == 7 and err.code == nil)
assert(err.command == r.command and err.timed_out == false and err.signal == nil)
assert(err.message == tostring(err) and err.message:find("exit status 7\nwhy$"), err.message)

-- a long stderr is shown from its end
r = proc.run("sh", { "-c", "seq 1 5000 >&2; exit 1" })
ok, err = pcall(r.check, r)
assert(not ok and #err.message < 2300)
assert(err.message:find("\n5000$") and err.message:find("…%d"), err.message)

r = proc.run("sh", { "-c", "kill -TERM $$" })
assert(r.code == nil and r.signal == "SIGTERM" and tostring(r):find("was ended by SIGTERM"))

-- what could not start
r = proc.run("/nonexistent/program", { "a b" })
assert(r.ok == false and r.code == nil and r.errno == "ENOENT" and r.error == tostring(r))
assert(r.error == "run /nonexistent/program: no such file or directory", r.error)
assert(r.stdout == "" and r.stderr == "" and r.command == "/nonexistent/program 'a b'")
ok, err = pcall(r.check, r)
assert(not ok and err.code == "ENOENT" and err.path == "/nonexistent/program" and err.result == r)
assert(err.exit_code == nil)

-- output that was not captured has no text
r = proc.run("true", { capture = false })
ok, message = pcall(function() return (r:text()) end)
assert(not ok and message:find("text: the output of `true` was not captured"), message)
assert(message:find("result.lua:"), message)
