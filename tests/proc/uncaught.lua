-- A command that has failed and that nobody looks after: its text on stderr, with the line of the
-- script and without a traceback; the program ends with the status of the command.
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local function fails(code, script, text)
  local head = 'local proc, task = require "procrun.proc", require "procrun.task"\n'
  local r = check.run(head .. script)
  check.eq(r.code, code, script .. r.err)
  check.has(r.err, text)
  check.eq(r.err:find("traceback", 1, true), nil, r.err)
  check.eq(r.err:find("in task", 1, true), nil, r.err)
  return r
end

local FAILS = 'proc.run("sh", {"-c", "echo no disk >&2; exit 22"}):check()'
local TEXT = ":2: `sh -c 'echo no disk >&2; exit 22'` failed with exit status 22\nno disk\n"

local r = fails(22, FAILS, TEXT)
check.eq(r.err:match("^[^\n]*/?run1%.lua:2: ") ~= nil, true, r.err)
fails(22, "task.spawn(function() " .. FAILS .. " end) task.sleep(60)", TEXT)
fails(22, "task.map({1, 2}, 2, function() " .. FAILS .. " end)", TEXT)
fails(22, "coroutine.wrap(function() " .. FAILS .. " end)()", TEXT)
fails(22, "local g <close> = task.group() g:spawn(function() " .. FAILS .. " end)", TEXT)
fails(22, "local x <close> = setmetatable({}, {__close = function() " .. FAILS .. " end})", TEXT)
fails(143, 'proc.run("sh", {"-c", "kill $$"}):check()', "was ended by SIGTERM")
fails(137, 'proc.run("sh", {"-c", "kill -9 $$"}):check()', "was ended by SIGKILL")
fails(124, 'proc.run("sleep", {60}, {timeout = 0.01}):check()', "ran out of time")
fails(127, 'proc.run("no-such-program"):check()', "no such file or directory")
fails(126, 'proc.run("/etc/passwd"):check()', "permission denied")
fails(1, 'proc.run("true", {cwd = "/nonexistent"}):check()', "cwd /nonexistent")
fails(3, 'proc.pipeline({"sh", "-c", "exit 3"}, {"cat"}):check()', "stage 1 of 2")
fails(5, 'error(proc.run("sh", {"-c", "exit 5"}):to_error())', "exit status 5")

-- Of a module, its own line.
local dir <close> = assert(fs.temp_dir())
fs.write(dir.path .. "/m.lua", 'local proc = require "proc"\n\n' .. FAILS .. "\n")
fs.write(dir.path .. "/main.lua", 'require "m"')
r = require "procrun.proc".run(process.exec_path, { dir.path .. "/main.lua" })
check.eq(r.code, 22)
check.has(r.stderr, "m.lua:3: `sh")
check.eq(r.stderr:find("traceback", 1, true), nil, r.stderr)

-- Other errors have their traceback, also one that is made of such a text.
r = check.run [[
local ok, err = pcall(function() require "procrun.proc".run("false"):check() end)
error(tostring(err))]]
check.eq(r.code, 1)
check.has(r.err, "stack traceback:")

-- What the error knows.
local proc = require "procrun.proc"
local _, e = pcall(function()
  proc.run("sh", { "-c", "echo out; echo err >&2; exit 4" }):check()
end)
check.eq(e.where:match("uncaught%.lua:%d+$"), "uncaught.lua:54")
check.eq(e.argv[1], "sh")
check.eq(e.stdout, "out\n")
check.eq(e.stderr, "err\n")
check.eq(e.seconds, e.result.seconds)
check.eq(e.exit_code, 4)
check.raises("result.out: it is called 'stdout' here", function() return e.result.out end)
check.eq(e.result.nonsense, nil)
