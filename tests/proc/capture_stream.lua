-- capture by name of the stream; 'tail' and 'last' keep the last 8 KiB, the former shows all.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local noisy = "seq 10000; seq 20001 30000 >&2"

local ran = check.run(([[
  local proc = require "procrun.proc"
  local r = proc.run("sh", { "-c", %q }, { capture = { stdout = true, stderr = "tail" } })
  assert(r.ok and #r.stdout == 48894 and #r.stderr == 8192)
  assert(r.stderr:sub(-12) == "29999\n30000\n")
  r = proc.run("sh", { "-c", "echo shown; echo kept >&2" }, { capture = { stderr = true } })
  assert(r.stdout == nil and r.stderr == "kept\n")
  r = proc.run("sh", { "-c", "printf a; printf b >&2" }, { capture = "tail" })
  assert(r.stdout == "a" and r.stderr == "b")
  r = proc.run("sh", { "-c", "echo quiet; echo quiet >&2" }, { capture = "last" })
  assert(r.stdout == "quiet\n" and r.stderr == "quiet\n")
  local c = assert(proc.spawn("sh", { "-c", "echo one; echo two >&2" },
    { capture = { stderr = "last" } }))
  assert(c.stderr == nil and c.stdout:read() == "one" and c:wait().stderr == "two\n")
  c = assert(proc.spawn("sh", { "-c", "echo one; echo two >&2" }, { capture = { stderr = true } }))
  local result = c:wait()
  assert(result.stdout == "one\n" and result.stderr == "two\n")
  r = proc.pipeline({ "sh", "-c", "echo one >&2" }, { "sh", "-c", "echo out; echo two >&2" },
    { capture = { stdout = true, stderr = "tail" } })
  assert(r.stdout == "out\n" and r.stderr == "one\ntwo\n")
  r = proc.pipeline({ "echo", "lines" }, string.upper, { capture = "tee" })
  assert(r.stdout == "LINES\n")
  r = proc.pipeline({ "echo", "lines" }, { "cat" }, string.upper, { capture = false })
  assert(r.stdout == nil and r.stderr == nil)
  r = proc.pipeline({ "echo", "as it is" }, { "cat" }, { capture = false })
]]):format(noisy))
assert(ran.code == 0, ran.err)
local numbers = proc.run("seq", { 20001, 30000 }).stdout
assert(ran.err:sub(1, #numbers) == numbers)
local rest = ran.err:sub(#numbers + 1):gsub("one\ntwo\n", ""):gsub("two\none\n", "")
check.eq(rest, "b")
check.eq(ran.out, "shown\naLINES\nLINES\nas it is\n")

-- more than max_buffer is no matter where only the end is kept
local r = proc.run("seq", { 100000 }, { capture = "last", max_buffer = 1000 })
assert(r.ok and #r.stdout == 8192)

-- a forked worker's, too
local path = check.write(check.tmp("worker.lua"), [[io.stderr:write("from the worker\n")]])
local worker = assert(proc.fork(path, { capture = { stderr = "last" } }))
assert(worker.stderr == nil and worker:wait(10).stderr == "from the worker\n")

worker = assert(proc.fork(path, { channel = "stdio", capture = { stderr = "last" } }))
assert(worker:wait(10).stderr == "from the worker\n")

-- a prompt without newline is shown at once
local child = assert(proc.spawn(process.exec_path, { "-e", [[
  require "procrun.proc".run("sh", { "-c", "printf 'name? '; read x; echo $x" },
    { capture = "tail", stdin = "inherit" })
]] }))
assert(child.stdout:read(6) == "name? ")
child.stdin:finish("me\n")
assert(child.stdout:read("a") == "me\n" and child:wait(10).ok)

check.raises("option 'capture'", proc.run, "true", { capture = "all" })
check.raises("option 'capture'", proc.run, "true", { capture = { out = true } })
check.raises("option 'capture'", proc.run, "true", { capture = { stdout = "all" } })
