-- What goes into a bundle: globs, hidden files, links, special files; same input, same bytes.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local folder = bundle.tree("app", {
  ["main.lua"] = "", ["a.o"] = "", ["lib/a.o"] = "", ["lib/a.lua"] = "", ["lib/[x]"] = "",
  ["test/one.lua"] = "", ["lib/test/two.lua"] = "", ["lib/test/deep/three.lua"] = "",
  ["data/a-b.txt"] = "", ["data/a+b.txt"] = "", ["data/A.txt"] = "", ["data/.hidden"] = "",
  [".git/config"] = "", [".env"] = "", ["x"] = "", ["x-y"] = "", ["x0"] = "", ["xy/z"] = "",
  ["\xc3\xa4 b'$"] = "",
})
assert(fs.mkdir(folder .. "/empty"))

local function list(...)
  local words = {"--list", folder}
  for _, glob in ipairs {...} do
    words[#words + 1] = glob:sub(1, 2) == "--" and glob or "--exclude=" .. glob
  end
  local names = {}
  for name in bundle.bundle(words):check().stdout:gmatch("%d+  ([^\n]*)\n") do
    names[#names + 1] = name:gsub("  %(main%)$", "")
  end
  return names
end

local all = list()
check.eq(table.concat(all, " "), "a.o data/A.txt data/a+b.txt data/a-b.txt lib/[x] lib/a.lua "
  .. "lib/a.o lib/test/deep/three.lua lib/test/two.lua main.lua test/one.lua x x-y x0 xy/z "
  .. "\xc3\xa4 b'$")

-- What the globs leave out.
local function out(wanted, ...)
  local left, gone = {}, {}
  for _, name in ipairs(list(...)) do left[name] = true end
  for _, name in ipairs(all) do
    if not left[name] then gone[#gone + 1] = name end
  end
  check.eq(table.concat(gone, " "), wanted, (...))
end
out("a.o lib/a.o", "*.o")
out("lib/a.o", "lib/*.o")
out("lib/a.o", "./lib/*.o")
out("a.o", "/a.o")
out("lib/test/deep/three.lua lib/test/two.lua test/one.lua", "test")
out("lib/test/deep/three.lua lib/test/two.lua test/one.lua", "**/test")
out("lib/test/deep/three.lua lib/test/two.lua test/one.lua", "**/test/**")
out("lib/test/deep/three.lua lib/test/two.lua", "lib/test/")
out("lib/test/deep/three.lua", "lib/**/deep")
out("lib/test/deep/three.lua lib/test/two.lua", "lib/**/*[eo].lua", "lib/test/two.lua")
out("data/a+b.txt", "a+b.txt")
out("data/a-b.txt", "a-?.txt")
out("data/a+b.txt data/a-b.txt", "[!A-Z]*.txt")
out("data/A.txt", "[A-Z]*.txt")
out("lib/[x]", "[[]x]")
out("x", "x")
out("", "nothing", "a", "[", "%a", "data/?")
out("\xc3\xa4 b'$", "* b'$")

-- Hidden files, by request, and still to be excluded.
check.eq(#list("--hidden"), #all + 3)
check.eq(#list("--hidden", ".git"), #all + 2)

-- The same bytes whatever the times, the modes' rest and the order of making; executables are kept.
local function make(name, from)
  bundle.bundle {from, "-o", check.tmp(name)}:check()
  return assert(fs.read(check.tmp(name)))
end
local first = make("one", folder)
proc.run("cp", {"-r", folder, check.tmp("copy")}):check()
proc.run("sh", {"-c", "find . -exec touch -d '2001-02-03' {} + && chmod 600 x main.lua"},
  {cwd = check.tmp("copy")}):check()
assert(make("two", check.tmp("copy")) == first)
assert(make("two", check.tmp("copy")) == first)
assert(fs.chmod(check.tmp("copy") .. "/x", "755"))
assert(make("two", check.tmp("copy")) ~= first)

-- Links are followed; those that cannot be, and what is no file, are named with a way out.
local outside = bundle.tree("outside", {["in.txt"] = "linked text"})
assert(fs.symlink(outside, folder .. "/linked"))
assert(fs.symlink("../outside/in.txt", folder .. "/file"))
check.has(table.concat(list(), " "), "data/a-b.txt file lib")
check.has(table.concat(list(), " "), "linked/in.txt main.lua")
local function refused(message)
  local result = bundle.bundle {"--list", folder}
  check.eq(result.code, 1)
  check.has(result.stderr, message)
end
assert(fs.symlink("..", folder .. "/lib/loop"))
refused("/lib/loop is a link to a folder that holds it; leave it out: --exclude lib/loop\n")
list("lib/loop")
assert(fs.remove(folder .. "/lib/loop"))
assert(fs.symlink("nonsuch", folder .. "/dangling"))
refused("/dangling: no such file or directory; leave it out: --exclude dangling\n")
assert(fs.remove(folder .. "/dangling"))
proc.run("mkfifo", {folder .. "/fifo"}):check()
refused("/fifo is a fifo, no file; leave it out: --exclude fifo\n")
