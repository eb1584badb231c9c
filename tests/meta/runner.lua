-- The test runner: what passes, what fails and why, and what it does to what is left behind.
-- timeout: 60
local runner, procrun = os.getenv("PROCRUN_RUNNER"), os.getenv("PROCRUN")
local root = os.getenv("TMPDIR") .. "/house"

local function put(name, text)
  assert(os.execute(("mkdir -p '%s'"):format((root .. "/" .. name):match("^(.*)/"))))
  local file = assert(io.open(root .. "/" .. name, "w"))
  file:write(text)
  file:close()
end

local COMMAND <const> = "PATH=$PATH:'%s/bin' "
  .. "'%s' --root '%s' --procrun '%s' --unit-dir '%s' %s 2>&1"

local function run(arguments)
  local pipe = io.popen(COMMAND:format(root, runner, root, procrun, root, arguments))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return ok and 0 or status, text
end

local function has(text, part)
  assert(text:find(part, 1, true), part .. " is missing in:\n" .. text)
end

put("tests/a/good.lua", "assert(os.getenv 'PROCRUN_CHECK' == '1')\n"
  .. "assert(os.execute 'mkdir -p $TMPDIR/x && touch $TMPDIR/x/y && chmod 0 $TMPDIR/x')\n"
  .. "assert(io.read() == nil)\n")
put("tests/a/skip.lua", "print 'some output'\nprint 'skip: no moon tonight'\nos.exit(77)\n")
put("tests/a/needs.lua", "-- requires: sh no-such-program\n")
put("tests/a/old.lua", "-- requires: sh moon>=20\n")
put("bin/moon", "#!/bin/sh\necho moon v19.7\n")
assert(os.execute(("chmod +x '%s/bin/moon'"):format(root)))
put("tests/lib/lib.lua", "error 'no test'\n")
put("tests/fixtures/child.lua", "error 'no test'\n")
put("tests/stress/long.lua", "error 'slow'\n")
local status, text = run("")
assert(status == 0, text)
has(text, "ok    a/good (")
has(text, "skip  a/skip: no moon tonight\n")
has(text, "skip  a/needs: no-such-program is not installed\n")
has(text, "skip  a/old: moon is older than version 20\n")
assert(text:find("\n1 passed, 0 failed, 3 skipped\n$"), text)
assert(not io.popen("ls " .. os.getenv("TMPDIR")):read("a"):find("procrun-", 1, true))

status, text = run("--repeat 3 --jobs 2 a/good")
assert(status == 0 and text:find("\n3 passed, 0 failed\n$"), text)
status, text = run("nothing/of/this/name")
assert(status == 1 and text:find("\n0 passed, 0 failed\n$"), text)
status, text = run("--slow stress")
assert(status == 1 and text:find("failed: stress/long\n0 passed, 1 failed\n$"), text)

put("tests/b/error.lua", "print 'before'\nerror('boo')\n")
put("tests/b/signal.lua", "os.execute 'kill -KILL $PPID'\n")
put("tests/b/no_reason.lua", "os.exit(77)\n")
put("tests/b/long.lua", "-- timeout: 0.2\nos.execute 'sleep 1000'\n")
local nap = tostring(math.random(10 ^ 6, 10 ^ 7)) -- a number nobody else sleeps for
put("tests/b/orphan.lua", ("os.execute '(setsid sleep %s >/dev/null 2>&1 &)'\n"):format(nap))
put("tests/b/brief.lua", "os.execute '(sleep 0.05 &)'\n") -- gone before the runner minds
put("tests/unit/bad_test.c", "")
put("unit-bad", "#!/bin/sh\necho from the unit\nexit 3\n")
put("unit-gone", "#!/bin/sh\nexit 3\n") -- has no source any more
assert(os.execute(("chmod +x '%s'/unit-*"):format(root)))
status, text = run("--jobs 4 b/ unit-")
assert(status == 1, text)
has(text, "before\n")
has(text, "tests/b/error.lua:2: boo")
has(text, "-> exit status 1\n")
has(text, "-> died of signal 9 (Killed)\n")
has(text, "-> exit status 77 without a line 'skip: REASON'\n")
has(text, "-> timed out after ")
assert(text:find("%-> still running: %d+ sleep 1000\n"), text)
assert(text:find("%-> left behind: %d+ sleep " .. nap .. "\n"), text)
has(text, "from the unit\n  -> exit status 3\n")
has(text, "ok    b/brief (")
assert(text:find("\n1 passed, 6 failed\n$"), text)
local processes = io.popen("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '"):read("a")
assert(not processes:find("sleep " .. nap, 1, true), "the orphan lives")
