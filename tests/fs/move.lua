-- move: a rename, or across file systems a whole copy and then the original goes.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.write(at "a", "A") and fs.write(at "b", "B"))
assert(select(3, fs.move(at "a", at "b", { overwrite = false })) == "EEXIST")
assert(select("#", fs.move(at "a", at "b")) == 1)
assert(fs.read(at "b") == "A" and not fs.exists(at "a"))
assert(select(3, fs.move(at "none", at "x")) == "ENOENT")

local far <close> = fs.is_dir("/dev/shm") and fs.temp_dir { dir = "/dev/shm" } or nil
if not far or fs.stat(far.path).dev == fs.stat(dir.path).dev then
  print("skipped: no second file system at /dev/shm")
  return
end
local function out(name) return far.path .. "/" .. name end
assert(select(3, fs.rename(at "b", out "b")) == "EXDEV")
assert(fs.chmod(at "b", "640") and fs.utime(at "b", 5, 6))
assert(fs.move(at "b", out "b") == true and not fs.exists(at "b"))
local stat = fs.stat(out "b")
assert(fs.read(out "b") == "A" and stat.mode == 416 and stat.mtime == 6)

assert(fs.mkdir_p(at "d/e") and fs.write(at "d/e/f", "F") and fs.symlink("f", at "d/e/l"))
assert(fs.chmod(at "d/e", "555"))
assert(fs.move(at "d", out "d/") == true and not fs.exists(at "d"))
assert(fs.read(out "d/e/l") == "F" and fs.stat(out "d/e").mode == 365)
assert(fs.chmod(out "d/e", "755"))

-- What stands there stays where it has to, and nothing else is left there.
assert(fs.write(at "x", "X"))
local ok, message, code = fs.move(at "x", out "d")
assert(ok == nil and code == "EISDIR", message)
assert(message == ("%s -> %s: is a directory"):format(at "x", out "d"), message)
assert(select(3, fs.move(at "x", out "b", { overwrite = false })) == "EEXIST")
assert(fs.read(at "x") == "X" and fs.read(out "b") == "A")
assert(fs.mkdir(at "dir") and select(3, fs.move(at "dir", out "d")) == "ENOTEMPTY")
assert(fs.move(at "x", out "b") == true and fs.read(out "b") == "X")
for _, name in ipairs(fs.readdir(far.path)) do assert(name == "b" or name == "d", name) end
