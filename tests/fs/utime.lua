-- utime, lutime, touch: times with fractions, nil for now, false for as it is.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file, link = dir.path .. "/file", dir.path .. "/link"
assert(fs.write(file, "") and fs.symlink("file", link))

local function about(a, b) return math.abs(a - b) < 1e-6 end
assert(fs.utime(file, 1000.25, 2000.5) == true)
local stat = fs.stat(file)
assert(about(stat.atime, 1000.25) and about(stat.mtime, 2000.5))
assert(fs.utime(file, false, -1.5) == true)
stat = fs.stat(file)
assert(about(stat.atime, 1000.25) and about(stat.mtime, -1.5))

-- Now, by the clock that the file system keeps.
assert(fs.write(dir.path .. "/clock", ""))
assert(fs.utime(file))
assert(fs.stat(file).mtime >= fs.stat(dir.path .. "/clock").mtime)
assert(fs.utime(file, nil, 5) and fs.stat(file).atime > 1e9 and fs.stat(file).mtime == 5)

assert(fs.lutime(link, 7, 8) == true)
assert(fs.lstat(link).mtime == 8 and fs.stat(link).mtime == 5)
assert(fs.utime(link, 9, 10) and fs.stat(file).mtime == 10 and fs.lstat(link).mtime == 8)

-- touch makes what is missing, and does nothing to what is inside.
local new = dir.path .. "/new"
assert(fs.touch(new) == true and fs.stat(new).size == 0)
assert(fs.write(new, "text") and fs.touch(new, 123.5))
assert(fs.stat(new).mtime == 123.5 and fs.stat(new).atime == 123.5 and fs.read(new) == "text")
assert(fs.touch(dir.path .. "/newer", 99) and fs.stat(dir.path .. "/newer").mtime == 99)
assert(fs.touch(dir.path, 77) and fs.stat(dir.path).mtime == 77)

assert(select(3, fs.utime(dir.path .. "/none")) == "ENOENT")
assert(select(3, fs.touch(dir.path .. "/no/file")) == "ENOENT")
for _, bad in ipairs { "now", {}, true, 0 / 0, math.huge, 1e18 } do
  local ok, message = pcall(function() return (fs.utime(file, bad)) end)
  assert(not ok and message:find("bad argument #2 to 'utime'", 1, true), message)
end
