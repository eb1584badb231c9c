-- stdio: every form of an element, strings, lists, tables keyed by fd, and the same by name.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
local function path(name) return dir.path .. "/" .. name end

-- pipe, the default of spawn
local cat = assert(proc.spawn("cat"))
assert(cat.stdin and cat.stdout and cat.stderr)
assert(cat.stdio[0] == cat.stdin and cat.stdio[1] == cat.stdout and cat.stdio[2] == cat.stderr)
cat.stdin:finish("through")
assert(cat.stdout:read("a") == "through")
assert(cat:wait(10).ok)

-- a real pipe: a shell can open /dev/stdout and /dev/stdin again
local r = proc.run("sh", { "-c", "cat /dev/stdin > /dev/stdout" }, { input = "again" })
assert(r.stdout == "again", tostring(r))

-- ignore: /dev/null for 0 to 2, nothing above
r = proc.run("sh", { "-c", "ls -l /proc/self/fd/0 /proc/self/fd/2; ls /proc/$$/fd" },
  { stdio = { "ignore", "pipe", "ignore", "ignore" } })
assert(select(2, r.stdout:gsub("/dev/null", "")) == 2, r.stdout)
assert(not r.stdout:find("\n3\n"), r.stdout)
local quiet = assert(proc.spawn("true", { stdio = "ignore" }))
assert(quiet.stdin == nil and quiet.stdout == nil and quiet.stdio[2] == nil)
assert(quiet:wait(10).ok)

-- inherit, by a string, by a list with holes, and with fd numbers
local own = path("own.lua")
fs.write(own, [[
  local proc = require "procrun.proc"
  print "first" -- comes before what a child writes
  proc.run("echo", {"a"}, {stdio = "inherit"})
  proc.run("echo", {"b"}, {stdio = {nil, "inherit"}})
  proc.run("echo", {"c"}, {stdio = {[1] = 1, [0] = "ignore"}})
  proc.run("echo", {"d"}, {stdout = process.stdout})
  proc.run("echo", {"e"}, {stdout = io.stdout})
  io.write "last\n"
]])
r = proc.run(process.exec_path, { own })
assert(r.stdout == "first\na\nb\nc\nd\ne\nlast\n", r.stdout .. r.stderr)

-- files of io and of fs; what was written to them before goes out before
local file = assert(io.open(path("io"), "w"))
file:write("one\n")
assert(proc.run("echo", { "two" }, { stdout = file }).ok)
file:write("three\n")
file:close()
assert(fs.read(path("io")) == "one\ntwo\nthree\n")
file = assert(fs.open(path("fs"), "w"))
assert(proc.run("echo", { "by fs" }, { stdout = file }).ok)
file:close()
assert(fs.read(path("fs")) == "by fs\n")
file = assert(fs.open(path("fs")))
assert(proc.run("cat", { stdin = file }).stdout == "by fs\n")
assert(file:fileno(), "a file stays open when it is shared")
file:close()

-- the ends of a pipe: ours is closed once given away, unless keep_open
local reader, writer = assert(fs.pipe())
assert(proc.run("echo", { "kernel" }, { stdout = writer }).ok)
assert(writer:fileno() == nil)
assert(reader:read("a") == "kernel\n")
reader, writer = assert(fs.pipe())
assert(proc.run("echo", { "kept" }, { stdout = writer, keep_open = true }).ok)
writer:write("mine\n")
writer:close()
assert(reader:read("a") == "kept\nmine\n")

-- one child's output as another's input
local ls = assert(proc.spawn("echo", { "chained" }))
assert(proc.run("tr", { "a-z", "A-Z" }, { stdin = ls.stdout }).stdout == "CHAINED\n")
assert(ls:wait(10).ok)

-- stderr merged into stdout, in order
r = proc.run("sh", { "-c", "echo 1; echo 2 >&2; echo 3" }, { stderr = "stdout" })
assert(r.stdout == "1\n2\n3\n" and r.stderr == nil)

-- by name beats by list; false and nil are the default
r = proc.run("sh", { "-c", "echo x; echo y >&2" },
  { stdio = { "ignore", "ignore", "ignore" }, stdout = "pipe", stderr = false })
assert(r.stdout == "x\n" and r.stderr == nil)

-- above 2: duplex, at any number
local stdio = { [0] = "ignore", [5] = "pipe" }
local talk = assert(proc.spawn("sh", { "-c", "cat <&5 >&5" }, { stdio = stdio }))
talk.stdio[5]:finish("to five and back")
assert(talk.stdio[5]:read("a") == "to five and back")
assert(talk:wait(10).ok and talk.stdio[3] == nil)
