-- pipeline: kernel pipes, the status of each stage, the first bad one, SIGPIPE, input, limits.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local r = proc.pipeline({ "printf", "b\na\nb\n" }, { "sort" }, { "uniq", "-c" })
assert(r.ok and r.stdout:gsub(" +", " ") == " 1 a\n 2 b\n")
assert(#r.stages == 3 and r.stages[1].ok and r.stages[2].code == 0)
assert(r.stages[3].argv[1] == "uniq")
assert(r.command == "printf 'b\na\nb\n' | sort | uniq -c" and r.stage == nil and r.error == nil)
local is_uv = require "procrun.core.process".backend() == "uv" -- which knows no usage
assert(r.seconds > 0 and (is_uv or r.usage.peak_rss > 0) and r.timed_out == false)
assert(r:text():find("2 b$") and #r:lines() == 2 and r:check() == r)
assert(proc.pipeline({ "echo", "alone" }).stdout == "alone\n")

-- no stage holds an end that would keep another from its end of file
assert(proc.pipeline({ "true" }, { "cat" }, { "wc", "-c" }, { keep_open = true }):text() == "0")

-- much data, input from here
local big = ("0123456789abcde\n"):rep(640 * 1024)
r = proc.pipeline({ "cat" }, { "cat" }, { "cat" }, { input = big })
assert(r.ok and r.stdout == big)
r = proc.pipeline({ "cat", input = "own\n" }, { "tr", "a-z", "A-Z" })
assert(r.stdout == "OWN\n")

-- SIGPIPE before the last stage is no failure; at the last it is
r = proc.pipeline({ "yes" }, { "cat" }, { "head", "-n", "2" })
assert(r.ok and r.stdout == "y\ny\n" and r.stages[1].signal == "SIGPIPE" and r.stages[1].ok)
r = proc.pipeline({ "true" }, { "sh", "-c", "kill -PIPE $$" })
assert(not r.ok and r.stage == 2 and r.signal == "SIGPIPE")

-- the first bad stage gives the status; the stderr of all
r = proc.pipeline({ "sh", "-c", "echo one >&2; exit 3" },
  { "sh", "-c", "cat; echo two >&2; exit 4" }, { "cat" })
assert(not r.ok and r.stage == 1 and r.code == 3 and r.stderr == "one\ntwo\n")
assert(r.stages[2].code == 4 and not r.stages[2].ok and r.stages[3].ok)
assert(tostring(r):find("stage 1 of 3: sh %-c 'echo one"), tostring(r))
local ok, err = pcall(r.check, r)
assert(not ok and err.stage == 1 and err.exit_code == 3 and err.message:find("one\ntwo"))

-- a stage that cannot start: the others are ended at once
local began = timer.now()
r = proc.pipeline({ "sleep", 60 }, { "/nonexistent/x" }, { "cat" })
assert(not r.ok and r.stage == 2 and r.errno == "ENOENT" and r.code == nil)
assert(timer.now() - began < 4)
assert(r.error == "pipeline /nonexistent/x: no such file or directory", r.error)
assert(r.command == "sleep 60 | /nonexistent/x | cat" and r.stdout == "" and #r.stages == 2)
assert(r.stages[1].signal == "SIGTERM")
ok, err = pcall(r.check, r)
assert(not ok and err.code == "ENOENT" and err.path == "/nonexistent/x" and err.stage == 2)
r = proc.pipeline({ "/nonexistent/x" }, { "cat" })
assert(r.stage == 1 and r.errno == "ENOENT" and #r.stages == 1)

-- timeout and max_buffer
began = timer.now()
r = proc.pipeline({ "sleep", 60 }, { "cat" }, { timeout = 0.2 })
assert(not r.ok and r.timed_out and r.errno == "ETIMEDOUT" and timer.now() - began < 4)
r = proc.pipeline({ "yes" }, { "cat" }, { max_buffer = 1000 })
assert(not r.ok and r.errno == "ENOBUFS" and r.stage == 2 and #r.stdout == 1000)
assert(r.stages[1].ok, "the first stage only lost its reader")

-- options of the whole and of a stage, ends given as files
local dir <close> = assert(fs.temp_dir())
fs.write(dir.path .. "/in", "from a file\n")
local input = assert(io.open(dir.path .. "/in"))
local output = assert(io.open(dir.path .. "/out", "w"))
r = proc.pipeline({ "cat" }, { "sh", "-c", "cat; pwd; echo $X" },
  { stdin = input, stdout = output, cwd = "/usr", env = { X = "x", PATH = os.getenv("PATH") } })
input:close()
output:close()
assert(r.ok and r.stdout == nil)
assert(fs.read(dir.path .. "/out") == "from a file\n/usr\nx\n")
r = proc.pipeline({ "pwd", cwd = "/usr" }, { "cat" }, { cwd = "/" })
assert(r.stdout == "/usr\n")
