-- Capture: tee, 10 MB of input, max_buffer, capture = false, more than a pipe holds both ways.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

-- 10 MB in and out again
local big = ("0123456789abcde\n"):rep(640 * 1024)
local r = proc.run("cat", { input = big })
assert(r.ok and r.stdout == big)

-- the program may end without having read its input; the rest of it is dropped
r = proc.run("head", { "-c", "5" }, { input = big })
assert(r.ok and r.stdout == big:sub(1, 5))
r = proc.run("true", { input = big })
assert(r.ok and r.stdout == "")
local child = assert(proc.spawn("cat", { input = "to the end" }))
assert(child.stdin == nil and child.stdio[0] == nil)
assert(child:wait(10).stdout == "to the end")
assert(proc.run("cat", { input = "" }).stdout == "")

-- exactly max_buffer is fine, one byte more ends the tree; what came is kept, each output by itself
r = proc.run("sh", { "-c", "printf 12345; printf abc >&2" }, { max_buffer = 5 })
assert(r.ok and r.stdout == "12345" and r.stderr == "abc")
r = proc.run("sh", { "-c", "sleep 60 & echo $! >&2; yes" }, { max_buffer = 100000 })
assert(not r.ok and r.errno == "ENOBUFS" and #r.stdout == 100000 and r.signal == "SIGTERM")
assert(tostring(r):find("wrote more than max_buffer and was ended"), tostring(r))
local stat = fs.read("/proc/" .. r.stderr:match("%d+") .. "/stat")
assert(not stat or stat:find("%) [ZX]"), "the tree was not ended")
r = proc.run("sh", { "-c", "yes >&2" }, { max_buffer = "64K" })
assert(r.errno == "ENOBUFS" and r.stdout == "" and #r.stderr == 65536)
local ok, err = pcall(r.check, r)
assert(not ok and err.code == "ENOBUFS" and err.signal == "SIGTERM" and err.result == r)
-- also by wait, whose claim is limited like a capture
r = assert(proc.spawn("yes", { max_buffer = 1000 })):wait(10)
assert(r.errno == "ENOBUFS" and #r.stdout == 1000)

-- tee: shown while it comes, in order, and captured; the limit holds here, too
local dir <close> = assert(fs.temp_dir())
local script = dir.path .. "/tee.lua"
fs.write(script, [[
  local proc = require "procrun.proc"
  print "before"
  local r = proc.run("sh", {"-c", "echo out; echo err >&2; seq 1 20000"}, {capture = "tee"})
  assert(r.ok and r.stdout:find("^out\n1\n2\n") and #r.stdout == 108898 and r.stderr == "err\n")
  print "after"
  local over = proc.run("yes", {capture = "tee", max_buffer = 1000})
  assert(over.errno == "ENOBUFS" and #over.stdout == 1000)
  local merged = proc.spawn({"sh", "-c", "echo a; echo b >&2"},
    {capture = "tee", stderr = "stdout"})
  assert(merged.stdout == nil and merged:wait(10).stdout == "a\nb\n")
]])
r = proc.run(process.exec_path, { script })
assert(r.ok, tostring(r) .. r.stderr)
assert(r.stdout:find("^before\nout\n1\n") and r.stdout:find("\n20000\nafter\ny\n"))
assert(r.stdout:find("y\na\nb\n$") and r.stderr == "err\n")

-- without capture the outputs are ours
r = proc.run(process.exec_path, { "-e",
  [[local r = require "procrun.proc".run("echo", {"shown"}, {capture = false})
    assert(r.ok and r.stdout == nil)]] })
assert(r.stdout == "shown\n", r.stderr)
