-- remove: a file, a link or an empty directory.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.write(at "file", "") and fs.mkdir(at "empty") and fs.mkdir_p(at "full/x"))
assert(fs.symlink("full", at "link"))

assert(fs.remove(at "file") == true and not fs.exists(at "file"))
assert(fs.remove(at "empty") == true and not fs.exists(at "empty"))
assert(fs.remove(at "link") == true and fs.exists(at "full/x"), "the link, not what it leads to")
local ok, message, code = fs.remove(at "full")
assert(ok == nil and code == "ENOTEMPTY")
assert(message == at "full" .. ": directory not empty", message)
assert(select(3, fs.remove(at "none")) == "ENOENT")
