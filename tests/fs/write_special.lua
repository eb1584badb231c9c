-- write never puts a plain file in the place of something else: links, devices, shared names stay.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local target, link = dir.path .. "/target", dir.path .. "/link"

assert(fs.write(target, "old") and fs.symlink("target", link))
assert(fs.write(link, "new"))
assert(fs.lstat(link).type == "link" and fs.read(target) == "new")

local dangling = dir.path .. "/dangling"
assert(fs.symlink("made", dangling) and fs.write(dangling, "x"))
assert(fs.lstat(dangling).type == "link" and fs.read(dir.path .. "/made") == "x")

assert(os.execute(("ln '%s' '%s/second'"):format(target, dir.path)))
assert(fs.write(target, "both") and fs.read(dir.path .. "/second") == "both")

assert(fs.write("/dev/null", "gone") and fs.lstat("/dev/null").type == "char")
local ok, message, code = fs.write("/dev/full", "x")
assert(ok == nil and code == "ENOSPC" and message == "/dev/full: no space left on device", message)
assert(fs.lstat("/dev/full").type == "char")

ok, message, code = fs.write(dir.path, "x")
assert(ok == nil and code == "EISDIR" and message == dir.path .. ": is a directory")
ok, message, code = fs.write(dir.path .. "/no/file", "x")
assert(ok == nil and code == "ENOENT")
assert(message == dir.path .. "/no/file: no such file or directory")
assert(select(3, fs.write("", "x")) == "ENOENT")
