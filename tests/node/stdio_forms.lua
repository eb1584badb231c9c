-- Every form of an element of stdio, at any index, in lists of any length.
local check = require "tests.lib.check"
local fs = require "fs"
local json = require "json"
local proc = require "proc"

local function sh(command, stdio, options)
  options = options or {}
  options.stdio = stdio
  return assert(proc.spawn("bash", { "--norc", "-c", command }, options))
end

-- twenty entries, all of them pipes; those from 3 on go both ways
local list = {}
for i = 1, 20 do list[i] = "pipe" end
local child = sh("for i in {3..19}; do read -u $i x; echo $i:$x >&$i; done", list)
for fd = 3, 19 do child.stdio[fd]:write("m", fd, "\n") end
for fd = 3, 19 do check.eq(child.stdio[fd]:read(), fd .. ":m" .. fd) end
assert(child:wait(20).ok)
assert(child.stdio[20] == nil)

-- nil, false and JSON's null are the default: pipes up to 2, nothing above
child = sh("exit 0", { [3] = json.null, [20] = "pipe" })
assert(child.stdin and child.stdout and child.stderr and child.stdio[19])
assert(child.stdio[2] == child.stderr and not child.stdio[3])
for _, nothing in ipairs { json.null, false } do
  child = sh("exit 0", { nothing, nothing, "ignore" })
  assert(child.stdin and child.stdout and not child.stderr)
  child = sh("exit 0", nothing)
  assert(child.stdin and child.stdout and child.stderr)
end

-- a word for all three
child = sh("exit 0", "overlapped")
assert(child.stdin and child.stdout and child.stderr)
child = sh("exit 0", "ignore")
assert(next(child.stdio) == nil)

-- descriptors, files and whatever has one, at any index
local path = check.tmp "out"
local file <close> = assert(io.open(path, "w"))
local other <close> = assert(fs.open(path, "a"))
local fd = other:fileno()
sh("echo a >&3; echo b >&4; echo c >&5; echo d >&6; echo e >&7",
  { "ignore", "ignore", "inherit", file, other, fd, { fd = fd },
    { fileno = function() return fd + 0.0 end } }):wait(20)
check.eq(check.read(path), "a\nb\nc\nd\ne\n")
check.eq(other:write("f\n"), other)

-- ours of the same number
local r = check.run([[
  local proc = require "proc"
  local four = assert(io.open(os.getenv "TMPDIR" .. "/four", "w"))
  proc.run("bash", {"-c", "exec 9>&4 2>/dev/null; echo $?"}, {stdio = {"ignore", 1, 2, nil, 4}})
  proc.run("sh", {"-c", "echo out; echo err >&2"}, {stdio = {"ignore", "inherit", "inherit"}})
]])
check.eq(r.out, "0\nout\n")
check.eq(r.err, "err\n")

-- what is none of this raises; a number that is not open is the world's failure
local function refused(text, stdio)
  check.raises(text, proc.spawn, "true", {}, { stdio = stdio })
end
refused("stdio[3]: -1 is no descriptor", { [4] = -1 })
refused("stdout: 1.5 is no descriptor", { "pipe", 1.5 })
refused("stdin: 'pipe', 'ignore', 'inherit', a stream, a file, a descriptor, or an object with "
  .. "fileno() or fd expected, got table", { {} })
refused("got boolean", { true })
refused("got thread", { "pipe", coroutine.create(print) })
refused("got userdata", { "pipe", require("task").current() })
refused("'foo' is none of", "foo")
refused("stdin: it has no descriptor: is it closed?", { { fileno = function() end } })
for _, number in ipairs { 999, 1 << 40 } do
  local none, message, code = proc.spawn("true", {}, { stdio = { "pipe", number } })
  assert(none == nil and code == "EBADF", message)
end
