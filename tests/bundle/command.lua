-- procrun bundle: what it refuses and says; a script of that name; --list, --main, -o.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local here = check.tmp("here")
assert(fs.mkdir(here))
bundle.tree("here/app", {["main.lua"] = "print('main', ...)",
  ["other.lua"] = "print('other', ...)", ["data/x"] = "12345"})
bundle.tree("here/bad", {["main.lua"] = "x = = 1", ["lib/a.lua"] = "\n\nfor",
  ["fine.lua"] = "#!/x\nx = 1"})
bundle.tree("here/nomain", {["a.lua"] = "", ["text"] = "no Lua"})
bundle.tree("here/compiled", {["main.lua"] = "", ["a.lua"] = string.dump(function() end)})

local function run(...) return bundle.bundle({...}, {cwd = here}) end
local function refused(message, ...)
  local result = run(...)
  check.eq(result.code, 1, message)
  check.eq(result.stdout, "")
  check.has(result.stderr, "procrun bundle: ")
  check.has(result.stderr, message)
end
refused("which folder or file?; see procrun bundle --help")
refused("nonsuch: no such file or directory", "nonsuch")
refused("one folder or file at a time, not 'app' and 'bad'", "app", "bad")
refused("unrecognized option '--foo'", "app", "--foo")
refused("unrecognized option '-x'", "-x")
refused("-o needs a value", "app", "-o")
refused("--exclude: the braces of", "app", "--exclude", ("{a,b}"):rep(20))
refused("--main needs a value", "app", "--main=")
refused("--output is given twice", "app", "-o", "a", "--output=b")
refused("which file is to be written? Say it with -o FILE", "app")
refused("which file is to be written?", ".", "--exclude={bad,compiled}", "--main", "app/main.lua")
refused("app is no file (directory); name one with -o", "app", "-o", "app")
refused("/dev/null is no file (char)", "app", "-o", "/dev/null")
refused("nonsuch: no such file or directory", "app", "-o", "nonsuch/x")
refused("no main.lua in it; name the file to run: --main NAME", "nomain", "-o", "x")
refused("main.lua is what runs: it cannot be excluded", "app", "--exclude", "*.lua", "-o", "x")
refused("no file 'b.lua' in it to run", "nomain", "--main", "b.lua", "-o", "x")
refused("--main is for folders", "app/main.lua", "--main", "x", "-o", "x")
refused("bad/lib/a.lua:3: ", "bad", "-o", "x")
refused("bad/main.lua:1: unexpected symbol near '='", "bad", "-o", "x")
refused("nomain/text:1: ", "nomain", "--main", "text", "-o", "x")
refused("compiled/a.lua: attempt to load a binary chunk", "compiled", "-o", "x")
refused("app/x lies in what is bundled", "app", "-o", "app/x")
refused("--exclude x", "app", "-o", "app/x")
refused("app/other.lua is what is bundled", "app/other.lua", "-o", "app/other.lua")
refused("is the procrun that is to be copied", "app", "-o", bundle.procrun)
refused("/bin/sh is no procrun that can be bundled", "app", "--exec", "/bin/sh", "-o", "x")
refused("nonsuch: no such file", "app", "--exec", "nonsuch", "-o", "x")
refused("it is no bundle", "--list", bundle.procrun)
local full = proc.run("sh", {"-c", 'ulimit -f 100; exec "$0" bundle app -o full', bundle.procrun},
  {cwd = here})
check.has(full.stderr, "procrun bundle: full: file too large")
check.eq(table.concat(fs.readdir(here), " "), "app bad compiled nomain") -- nothing is left behind

-- What it makes.
check.has(run("--help").stdout, "usage: procrun bundle [options] FOLDER | FILE.lua\n")
local made = run("app", "-o", "one"):check()
check.has(made.stdout, "one: 3 files, ")
check.eq(fs.stat(here .. "/one").mode & 4095, 493)
check.eq(bundle.run(here .. "/one", {"a"}), "main\ta")
run("app", "--main", "./other.lua", "--output=one"):check() -- over the old one
check.eq(bundle.run(here .. "/one", {"a"}), "other\ta")
run("app/other.lua"):check()
check.eq(bundle.run(here .. "/other"), "other")
run("app/", "--exclude", "x", "-o", "app/x"):check()
run("app/", "--exclude", "x", "-o", "app/x"):check()
check.eq(bundle.run(here .. "/app/x"), "main")
assert(fs.remove(here .. "/app/x"))
assert(fs.symlink("one", here .. "/link"))
run("app", "-o", "link"):check() -- through the link
check.eq(bundle.run(here .. "/one"), "main")
check.eq(fs.readlink(here .. "/link"), "one")

-- From a bundle another one is made.
run("app", "--main=other.lua", "--exec", "one", "-o", "two"):check()
check.eq(bundle.run(here .. "/two"), "other")
check.eq(fs.stat(here .. "/two").size, fs.stat(here .. "/one").size)

-- --list: of a folder and of a bundle.
local list = "         5  data/x\n        18  main.lua  (main)\n        19  other.lua\n"
check.eq(run("--list", "app"):check().stdout, list)
check.eq(run("--list", "one"):check().stdout, list)
check.has(run("--list", "app/other.lua"):check().stdout, "other.lua  (main)\n")

-- A script that is named as the command.
assert(fs.write(here .. "/bundle", "print('a script', ...)"))
local function plain(...) return proc.run(bundle.procrun, {...}, {cwd = here}):check():text() end
check.eq(plain("./bundle", "app"), "a script\tapp")
check.eq(plain("--", "bundle", "app"), "a script\tapp")
check.eq(plain("-e", [[
  local c = require "proc".fork("bundle", {"forked"}, {silent = true})
  io.write(c.stdout:read("a"))]]), "a script\tforked")
