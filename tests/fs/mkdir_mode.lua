-- mkdir and mkdir_p: a mode that is asked for is the mode there is, whatever the umask says.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function mode(path) return ("%o"):format(fs.stat(path).mode) end
local function at(name) return dir.path .. "/" .. name end

assert(fs.mkdir(at "a", "777") and mode(at "a") == "777")
assert(fs.mkdir(at "b", 448) and mode(at "b") == "700")
assert(os.execute("mkdir '" .. at "plain" .. "'"))
assert(fs.mkdir(at "c") and mode(at "c") == mode(at "plain"))
assert(fs.mkdir_p(at "d/e/f", "1777") and mode(at "d/e/f") == "1777")
assert(mode(at "d/e") == mode(at "plain"))
assert(fs.mkdir_p(at "d/e/f", "700") and mode(at "d/e/f") == "1777", "it was there")

-- What is made in a directory with the set-group-id bit has it, too.
assert(fs.chmod(at "a", "2770") and fs.mkdir(at "a/x", "750"))
assert(mode(at "a/x") == "2750", mode(at "a/x"))

assert(fs.mkdir_p(at "s//t///u//") and fs.is_dir(at "s/t/u"))
assert(fs.mkdir_p("/") and fs.mkdir_p(".") and fs.mkdir_p(dir.path))
assert(fs.write(at "file", ""))
local ok, message, code = fs.mkdir_p(at "file/x/y")
assert(ok == nil and code == "ENOTDIR", message)
ok, message, code = fs.mkdir_p(at "file")
assert(ok == nil and code == "EEXIST", message)
assert(fs.symlink("nowhere", at "dangling"))
assert(select(3, fs.mkdir_p(at "dangling")) == "EEXIST")
assert(select(3, fs.mkdir_p("")) == "ENOENT")
