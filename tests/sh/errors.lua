-- The error a user sees: the line of the script, the command, how it ended, what it said last; no
-- traceback; the exit status of the command.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local sh = require "procrun.sh"

local function fails(code, script, ...)
  local r = check.run('local sh, task = require "sh", require "task"\n' .. script)
  check.eq(r.code, code, script .. "\n" .. r.err)
  for _, text in ipairs { ... } do check.has(r.err, text) end
  check.lacks(r.err, "traceback")
  check.lacks(r.err, "procrun:")
  return r.err
end

local FAILS <const> = [[sh.text "sh -c 'echo first >&2; echo last >&2; exit 22'"]]
local TEXT <const> = ":2: exit status 22\n"
  .. "  command: sh -c 'echo first >&2; echo last >&2; exit 22'\n"
  .. "  after:   0.%ds\n  stderr:  first\n           last\n"

local function matches(err, start)
  local pattern = TEXT:gsub("[%-%.]", "%%%0"):gsub("0%%%.%%ds", "0%%.%%ds")
  check.matches(err, pattern)
  check.eq(err:find(start, 1, true), 1, err)
end

matches(fails(22, FAILS), "first\nlast\n") -- shown while it came, and in the error
for _, script in ipairs {
  "task.spawn(function() %s end) task.sleep(60)", "sh.map({1, 2}, 2, function() %s end)",
  "coroutine.wrap(function() %s end)()", "sh.retry({times = 2, delay = 0}, function() %s end)",
  "local x <close> = setmetatable({}, {__close = function() %s end})",
  "local _ <close> = sh.defer(function() %s end)", "sh.all {a = function() %s end}",
  "local g <close> = task.group() g:spawn(function() %s end)", "sh.timeout(9, function() %s end)",
} do
  matches(fails(22, script:format(FAILS)), "first\n")
end
fails(1, [[sh.map({"false"}, 1, sh.run)]], ":2: exit status 1\n  command: false\n")

fails(143, [[sh "sh -c 'kill $$'"]], ":2: killed by SIGTERM\n")
fails(124, [[sh { "sleep", 60, timeout = 0.05 }]], ":2: timed out after 0.05s\n")
fails(124, [[sh.timeout("50ms", sh.run, "sleep 60")]], ":2: timed out after 50ms\n")
fails(127, [[sh "no-such-program -x"]], ":2: command not found: no-such-program", "installed?")
fails(127, [[sh "/no/such"]], "command not found: /no/such (no such file)")
fails(127, [[sh "cd /tmp"]], "cd (it is built into shells; use: local _ <close> = sh.cd")
fails(127, [[sh { "ls -l" }]], 'command not found: "ls -l" (it is one word here')
fails(126, [[sh "/etc/passwd"]], "cannot run /etc/passwd: permission denied")
fails(1, [[sh { "true", cwd = "/no/such" }]], "cannot change to the directory /no/such: no such",
  "cwd:     /no/such")
fails(5, [[sh(sh.cmd "true" | "sh -c 'exit 5'" | "cat")]], "exit status 5 from 'sh' (stage 2 of 3)")
fails(1, [[sh { "true", ok = {3} }]], "exit status 0")
fails(1, [[sh { "sh", "-c", "echo 12345", stdout = "capture", max_buffer = 2 }]], "max_buffer")
fails(3, [[local _ <close> = sh.cd "/usr" sh "sh -c 'exit 3'"]], "cwd:     /usr")

-- sh.fail and sh.need: one line
check.eq(fails(7, [[sh.fail("nothing to do", 7)]]), "nothing to do\n")
check.eq(fails(1, [[task.spawn(sh.fail, "of a task") task.sleep(9)]]), "of a task\n")
check.eq(fails(1, [[sh.fail("no success", 0)]]), "no success\n")
check.eq(fails(127, [[sh.need("sh", "no-such-1", "no-such-2")]]),
  "this needs no-such-1, no-such-2, not found on PATH\n")
check.raises("exit status from 1 to 255 expected, got 256", sh.fail, "x", 256)

-- sh.check: what a call refused, with the line of the script
check.eq(fails(1, [[sh.check(io.open "/no/such")]]):match("^[^:]*(:.*)$"),
  ":2: /no/such: No such file or directory\n")
check.has(fails(1, [[sh.check(require "fs".read "/no/such")]]), ":2: /no/such: no such file")
fails(1, [[sh.check(os.getenv "NO_SUCH_NAME")]], ":2: a value expected, got nil")
check.eq(table.concat({ sh.check(1, "two", 3) }, " "), "1 two 3")
check.eq(check.raises("no such file", sh.check, fs.read "/no/such").code, "ENOENT")
fails(22, [[sh.check(pcall(sh.text, "sh -c 'exit 22'"))]], ":2: exit status 22")

-- too many words: where they could go
local much = {}
for i = 1, 30 do much[i] = ("x"):rep(100000) end
check.raises('| "xargs -0 true"', sh.run, "true", much)

-- a second error at the end of a block: both are shown, the first decides
local err = fails(22, [[local _ <close> = sh.defer(function() sh "sh -c 'exit 4'" end)
sh "sh -c 'exit 22'"]], ":2: exit status 4", "while ending after:", ":3: exit status 22")
check.eq(err:find("exit status 4") < err:find("exit status 22"), true)
local _, e = pcall(function()
  local _ <close> = sh.undo(function() sh "sh -c 'exit 4'" end)
  sh "sh -c 'exit 22'"
end)
check.eq(e.exit_code, 4)
check.eq(e.during.exit_code, 22)

-- so it is with any <close>; an error that was handled before is nobody's first
fails(22, [[local x <close> = setmetatable({}, {__close = function() sh "sh -c 'exit 4'" end})
sh "sh -c 'exit 22'"]], ":2: exit status 4", "while ending after:", ":3: exit status 22")
err = fails(4, [[coroutine.resume(coroutine.create(function() sh "sh -c 'exit 22'" end))
pcall(sh.run, "sh -c 'exit 22'")
local x <close> = setmetatable({}, {__close = function() sh "sh -c 'exit 4'" end})]],
  ":4: exit status 4")
check.lacks(err, "22")

-- other errors have a traceback and the status 1
local r = check.run [[require "sh".run()]]
check.eq(r.code, 1)
check.has(r.err, "traceback")

-- fields
_, e = pcall(function()
  return (sh.text { "sh", "-c", "echo out; echo err >&2; exit 22", quiet = true, cwd = "/" })
end)
check.eq(getmetatable(e) == sh.Error, true)
check.eq(e.message, "exit status 22")
check.eq(e.where:match("[^/]*$"), "errors.lua:104")
check.eq(e.argv[1], "sh")
check.eq(e.stdout, "out\n")
check.eq(e.stderr, "err\n")
check.eq(e.cwd, "/")
check.eq(math.type(e.seconds), "float")
check.eq(e.result.code, 22)
check.eq(e.code, nil)

-- only the end of what was said much; a line that was written over as it was last
e = check.raises("exit status 1", sh.text, { "sh", "-c",
  "seq 1000 >&2; printf '10%%\\r100%%\\r\\n' >&2; exit 1", quiet = true })
check.has(tostring(e), "           1000\n           100%")
check.lacks(tostring(e), "  stderr:  1\n")

-- of a module, and of a function that is called from elsewhere, the line that ran the command
local dir <close> = assert(fs.temp_dir())
fs.write(dir / "m.lua", 'local sh = require "sh"\n\nsh "sh -c \'exit 9\'"\n')
fs.write(dir / "main.lua", 'require "m"')
r = proc.run(process.exec_path, { dir / "main.lua" })
check.eq(r.code, 9)
check.has(r.stderr, "m.lua:3: exit status 9\n")
check.lacks(r.stderr, "traceback")

-- what only shells have
fails(126, [[sh ". x"]], ". (it is built into shells; use sh.bash")
fails(127, [[sh "declare x"]], "declare (it is built into shells; use local")
