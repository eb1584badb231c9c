-- mkdir and mkdir_p.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end

assert(fs.mkdir(at "one", "700") == true and fs.stat(at "one").mode == 448)
local ok, message, code = fs.mkdir(at "one")
assert(ok == nil and code == "EEXIST" and message == at "one" .. ": file exists")
assert(select(3, fs.mkdir(at "no/dir")) == "ENOENT")

assert(fs.mkdir_p(at "x/y/z") == true and fs.is_dir(at "x/y/z"))
assert(fs.mkdir_p(at "x/y/z") == true, "there already")
assert(fs.mkdir_p(at "x//y/./w/", "700") and fs.stat(at "x/y/w").mode == 448)
assert(fs.mkdir_p("/") and fs.mkdir_p("."))
assert(fs.write(at "file", ""))
ok, message, code = fs.mkdir_p(at "file/below")
assert(ok == nil and code == "ENOTDIR" and message == at "file/below: not a directory", message)
assert(select(3, fs.mkdir_p(at "file")) == "EEXIST")
assert(select(3, fs.mkdir_p("")) == "ENOENT")
