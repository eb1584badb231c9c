-- require "bundle": the same program gives the same answers as a bundle and as a folder.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local folder = bundle.tree("app-src", {
  ["main.lua"] = [[
local b = require "bundle"
local out = arg[1]
local function show(...)
  local list = table.pack(...)
  for i = 1, list.n do
    local text = tostring(list[i])
    list[i] = text:gsub(b.path("."):gsub("%p", "%%%0"):gsub("$", "/"), "")
      :gsub(": no such.*", ": no such")
  end
  print(table.unpack(list))
end
show(b.read("data/x.txt"))
show(#b.read("./data//bytes"), b.read("data/bytes") == "\0\r\n\xff\n")
show(b.read("data/sub/../x.txt"), b.read(b.path("data/x.txt")))
show(b.read("nonsuch"))
show(select(3, b.read("data")), select(3, b.read("../main.lua")), select(3, b.read("/etc/passwd")))
show(select(3, b.read("data/../../x")), b.exists("data"), b.exists("data/x"), b.exists("../x"))
show(b.exists("."), b.exists("data/x.txt"), b.exists(""))
for _, name in ipairs {"data", "data/run.sh", "data/x.txt", "."} do
  local s = b.stat(name)
  show(name, s.type, s.size, s.executable)
end
show(select(3, b.stat("nonsuch")))
for _, name in ipairs {".", "data", "data/"} do
  local names, types = b.list(name)
  show(table.concat(names, " "), types.data, types["x.txt"], types.sub)
end
show(table.concat(b.list(), " "))
show(select(3, b.list("nonsuch")), select(3, b.list("data/x.txt")))
for line in b.lines("data/x.txt") do show("line", line) end
for line in b.lines("data/bytes", "L") do show(#line) end
for line in b.lines("data/long") do show(#line) end
for _ in b.lines("data/empty") do show "never" end
show(#b.read("data/empty"))
show(pcall(b.lines, "nonsuch"))
show(b.loadfile("lib/chunk.lua")(1, 2))
show(b.loadfile("lib/chunk.lua", {select = function() return "of env" end})())
show((select(2, b.loadfile("data/x.txt")):gsub("^.-:", "")))
show(select(3, b.loadfile("nonsuch.lua")))
show(b.list("linked")[1], select(2, b.list()).linked, b.stat("linked").type)
show(select(3, b.read("data/x.txt/y")), select(3, b.list("data/x.txt/y/z")), select(3, b.read("")))
show(b.extract("data/run.sh", out .. "/run.sh"))
show(b.extract("data", out .. "/deep/data"))
show(select(3, b.extract("nonsuch", out .. "/x")))
show(select(3, b.extract("data/x.txt", out .. "/no/x")))
for _, call in ipairs {function() b.read(1) end, function() b.read("a\0b") end,
  function() b.extract("x", "") end, function() b.lines("data/x.txt", "n") end} do
  show((select(2, pcall(call)):gsub("^.-:%d+: ", "")))
end]],
  ["lib/chunk.lua"] = "#!/x\nlocal n = select('#', ...)\nreturn n, debug and 'globals'",
  ["data/x.txt"] = "one\n\ntwo", ["data/bytes"] = "\0\r\n\xff\n", ["data/empty"] = "",
  ["data/long"] = ("x"):rep(1 << 21),
  ["data/run.sh"] = "#!/bin/sh\necho ran\n", ["data/sub/deep/y"] = "y", ["data0"] = "beside",
  ["data-1"] = "beside",
})
assert(fs.symlink("data/sub", folder .. "/linked"))
assert(fs.chmod(folder .. "/data/run.sh", "755"))
local app = bundle.make("app", folder)

assert(fs.mkdir(check.tmp("out1")))
assert(fs.mkdir(check.tmp("out2")))
local bundled = bundle.run(app, {check.tmp("out1")}, {cwd = "/"})
local plain = bundle.run(bundle.procrun, {folder .. "/main.lua", check.tmp("out2")}, {cwd = "/"})
check.eq(bundled, plain)
check.has(bundled, "line\ttwo\n")
check.has(bundled, "data\tdirectory\t0\tfalse\ndata/run.sh\tfile\t")
check.has(bundled, "data data-1 data0 lib linked main.lua\tdirectory\tnil\tnil\n")
check.has(bundled, "EISDIR\tEINVAL\tEINVAL\n")
check.has(bundled, "ENOENT\tENOTDIR\n")
check.has(bundled, "\nENOENT\ndeep\tdirectory\tdirectory\nENOTDIR\tENOTDIR\tEISDIR\n")
check.has(bundled, "bad argument #1 to 'read' (name of a file expected, got number)\n")

for _, out in ipairs {"out1", "out2"} do
  out = check.tmp(out)
  check.eq(bundle.run(out .. "/run.sh"), "ran")
  check.eq(check.read(out .. "/deep/data/sub/deep/y"), "y")
  check.eq(bundle.run(out .. "/deep/data/run.sh"), "ran")
end
