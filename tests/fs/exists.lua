-- exists, is_file, is_dir: a plain answer where there is one, a failure where it cannot be told.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"
assert(fs.write(file, ""))

assert(fs.exists(file) == true and fs.is_file(file) == true and fs.is_dir(file) == false)
assert(fs.exists(dir.path) and fs.is_dir(dir.path) and not fs.is_file(dir.path))
assert(fs.exists("/dev/null") and not fs.is_file("/dev/null") and not fs.is_dir("/dev/null"))
assert(fs.exists(file .. "2") == false and fs.is_file(file .. "2") == false)
assert(fs.exists(file .. "/below") == false and fs.exists("") == false)

assert(fs.symlink("file", dir.path .. "/link") and fs.is_file(dir.path .. "/link"))
assert(fs.symlink("nothing", dir.path .. "/dangling"))
assert(fs.exists(dir.path .. "/dangling") == false)
assert(fs.symlink("loop", dir.path .. "/loop"))
local got, _, code = fs.exists(dir.path .. "/loop")
assert(got == nil and code == "ELOOP")
