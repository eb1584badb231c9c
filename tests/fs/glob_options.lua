-- glob: its options, iglob, glob_escape, path.match with the same patterns, and what raises.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local path = require "procrun.path"

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
for _, name in ipairs {
  "Main.lua", "lib/a.lua", "lib/b.LUA", ".dot/c.lua", "node_modules/m/index.lua",
  "lib/node_modules/x.lua",
  "build/out/o.lua", "lib/build/p.lua", "[x]/y.lua",
} do
  assert(fs.mkdir_p(at(name):match("^(.*)/")) and fs.write(at(name), ""))
end
assert(fs.symlink("lib", at "link") and fs.symlink("..", at "lib/up") and fs.symlink("nope",
  at "broken"))

local function glob(pattern, options)
  options = options or {}
  options.cwd = options.cwd or dir.path
  return table.concat(assert(fs.glob(pattern, options)), " ")
end

check.eq(glob "**/*.lua",
  "Main.lua [x]/y.lua build/out/o.lua lib/a.lua lib/build/p.lua lib/node_modules/x.lua "
  .. "node_modules/m/index.lua")
check.eq(glob("**/*.lua", { ignore = { "node_modules", "/build" } }),
  "Main.lua [x]/y.lua lib/a.lua lib/build/p.lua")
check.eq(glob("**/*.lua", { ignore = { "node_modules/", "build/out", "*a.lua", "Main.lua/" } }),
  "Main.lua [x]/y.lua lib/build/p.lua")
check.eq(glob("./lib/*", { ignore = "lib/[bn]*" }), "./lib/a.lua ./lib/up")
check.eq(glob("lib/*", { nocase = true, only = "file" }), "lib/a.lua lib/b.LUA")
check.eq(glob("LIB/*.lua", { nocase = true }), "lib/a.lua lib/b.LUA")
check.eq(glob("LIB/*.lua"), "")
check.eq(glob("**/c.lua", { dot = true }), ".dot/c.lua")
check.eq(glob("*", { only = "directory" }), "[x] build lib link node_modules",
  "a link to one is one")
check.eq(glob("*", { mark = true }), "Main.lua [x]/ broken build/ lib/ link/ node_modules/")
check.eq(glob("{*.lua,lib/*.lua,lib/a*}"), "Main.lua lib/a.lua", "each once")
check.eq(glob({ "lib/*.lua", "*.lua" }), "Main.lua lib/a.lua", "a list")
check.eq(glob("link/**/p.lua", { follow = true }), "link/build/p.lua", "a loop of links ends")
check.eq(glob("*.lua", { absolute = true }), at "Main.lua")
check.eq(glob(fs.glob_escape "[x]" .. "/*"), "[x]/y.lua")
check.eq(table.concat(fs.glob(at "lib/*.lua")), at "lib/a.lua")
check.eq(table.concat(fs.glob(at "**/a.lua", { ignore = "lib" })), "")
check.eq(glob "{" .. glob "" .. glob {}, "")
check.eq(table.concat(fs.glob "/"), "/")

-- A directory that is ignored is not entered, nor one whose name the pattern knows read.
assert(fs.mkdir(at "secret") and fs.mkdir(at "secret/in"))
assert(fs.chmod(at "secret", "000"))
if not fs.readdir(at "secret") then
  check.values(table.pack(fs.glob("secret/*", { cwd = dir.path, strict = true })), nil,
    at "secret" .. ": permission denied", "EACCES")
  check.eq(glob "secret/*", "")
  check.eq(glob("**/a.lua", { strict = true, ignore = "secret" }), "lib/a.lua")
end
assert(fs.chmod(at "secret", "111"))
check.eq(glob("secret/in", { strict = true }), "secret/in")
assert(fs.chmod(at "secret", "755"))

check.values(table.pack(fs.glob("*", { cwd = at "none" })), nil,
  at "none/: no such file or directory", "ENOENT")
check.values(table.pack(fs.glob("a", { cwd = at "Main.lua" })), nil,
  at "Main.lua/: not a directory", "ENOTDIR")

local list = {}
for name in fs.iglob("**/*.lua", { cwd = dir.path,
  ignore = "node_modules" }) do list[#list + 1] = name end
table.sort(list)
check.eq(table.concat(list, " "), "Main.lua [x]/y.lua build/out/o.lua lib/a.lua lib/build/p.lua")
check.raises("none/: no such file or directory", function()
  for _ in fs.iglob("*", { cwd = at "none" }) do error "nothing is there" end
end)

-- path.match says what glob would list.
local function match(name, pattern, options) return path.match(name, pattern, options) end
assert(match("src/a/b.c", "src/**/*.c") and match("src/b.c", "src/**/*.{h,c}"))
assert(not match("src/b.c", "*.c") and match("src/b.c", "**/b.c") and match("/x/y", "/*/y")
  and not match("x/y", "/*/y"))
assert(not match(".x", "*") and match(".x", "*", { dot = true }) and match(".x", ".*"))
assert(match("A", "a", { nocase = true }) and not match("A", "a") and match("Ab", "[a-b]B",
  { nocase = true }))
assert(match("d/", "*/") and not match("d", "*/") and match("a//b", "a/b") and match("*",
  fs.glob_escape "*"))
assert(match("x", { "y", "x" }) and not match("", "*") and match("a\nb\xff", "a?b?")
  and match("é", "?"))
-- The time does not explode.
assert(not match(("a"):rep(250), ("*a"):rep(40) .. "b") and match(("a"):rep(250) .. "b",
  ("*a"):rep(40) .. "b"))
assert(not match(("a/"):rep(60) .. "a", ("**/a/"):rep(20) .. "b"))
assert(not match(("{"):rep(3000), ("{"):rep(3001)) and match("x",
  ("{x,"):rep(12) .. "y" .. ("}"):rep(12)))

check.raises("bad argument #1 to 'glob' (the braces of '{1..70000}' stand for more than 16384",
  fs.glob, "{1..70000}")
check.raises("stand for more than", fs.glob, ("{a,b}"):rep(40))
check.raises("bad argument #1 to 'glob' (pattern or list of patterns expected, got nil)", fs.glob)
check.raises("(pattern or list of patterns expected, got a number in it)", fs.glob, { "a", 1 })
check.raises("NUL byte", fs.glob, "a\0")
check.raises("unknown option 'hidden'", fs.glob, "*", { hidden = true })
check.raises("option 'only': \"file\" or \"directory\" expected, got 'link'", fs.glob, "*",
  { only = "link" })
check.raises("option 'ignore'", fs.glob, "*", { ignore = { 1 } })
check.raises("bad argument #2 to 'match'", path.match, "a")
check.raises("unknown option 'cwd'", path.match, "a", "a", { cwd = "x" })
