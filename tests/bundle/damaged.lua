-- A bundle that was cut off, stripped or damaged says so, and runs nothing.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local app = bundle.make("app", {
  ["main.lua"] = [[
local b = require "bundle"
print("started", (b.read("good")))
print(b.read("data"))
print(pcall(b.lines, "data"))
print(b.loadfile("lib.lua"))
print(pcall(require, "lib"))
print(b.extract("data", arg[1]))]],
  ["data"] = ("0123456789"):rep(1000), ["good"] = "good", ["lib.lua"] = "return 'a library'",
})
local bytes = assert(fs.read(app))
local size = assert(fs.stat(bundle.procrun)).size

local function changed(text)
  local file = check.tmp("changed")
  assert(fs.write(file, text, {mode = "755"}))
  return proc.run(file, {check.tmp("out")}), bundle.bundle {"--list", file}
end

local function refused(text, message)
  local result, listed = changed(text)
  check.eq(result.code, 1)
  check.eq(result.stdout, "")
  check.has(result.stderr, "changed: cannot run this bundle: " .. message)
  check.eq(listed.code, 1)
  check.has(listed.stderr, "changed: " .. message)
end
refused(bytes:sub(1, -2), "it is incomplete")
refused(bytes:sub(1, size + 100), "it is incomplete")
refused(bytes:sub(1, size + 1), "it is incomplete")
refused(bytes:sub(1, size), "its files are gone: it was stripped, or cut off")
refused(bytes:sub(1, -2) .. "X", "it is damaged")
if proc.which("strip") then
  proc.run("strip", {"-o", check.tmp("stripped"), app}):check()
  refused(assert(fs.read(check.tmp("stripped"))), "its files are gone")
end

-- Something behind it does no harm.
local result, listed = changed(bytes .. "a signature")
assert(result.ok and listed.ok, result.stderr)
assert(fs.remove(check.tmp("out")))

-- One wrong byte in a file, told when that is used.
local function flip(text, offset)
  local at = text:find(offset, size, true)
  return text:sub(1, at - 1) .. "X" .. text:sub(at + 1)
end
result, listed = changed(flip(flip(bytes, "0123"), "return 'a lib"))
check.has(result.stdout, "started\tgood\nnil\tdata: damaged in this bundle")
check.has(result.stdout, "\tEIO\nfalse\tdata: damaged in this bundle")
check.has(result.stdout, "nil\tlib.lua: damaged in this bundle")
check.has(result.stdout, "error loading module 'lib' from bundled file 'lib.lua':\n\tlib.lua: dam")
check.eq(fs.exists(check.tmp("out")), false)
check.eq(listed.code, 1)
check.has(listed.stdout, "     10000  data  DAMAGED\n         4  good\n")
check.has(listed.stdout, "main.lua  (main)\n")
check.has(listed.stderr, "changed: 2 damaged; make it again")
result = changed(flip(bytes, "local b"))
check.eq(result.code, 1)
check.eq(result.stderr,
  "procrun: main.lua: damaged in this bundle: copy or download it again\n")

-- Behind a loader the kernel says that the loader is what runs: that is no damage.
local loader = proc.run("ldd", {app}).stdout:match("\n%s*(/%S*ld%S*) %(")
if loader then
  local hidden = proc.run(loader, {app})
  check.eq(hidden.code, 1)
  check.has(hidden.stderr, "cannot run this bundle: it is run by another program (ld.so?)")
else
  print("not tried by way of a loader: ldd names none")
end
