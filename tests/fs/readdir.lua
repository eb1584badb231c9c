-- readdir: every name, sorted by its bytes, and the types by name.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local names = { ".hidden", "B", "a", "a b", "a\nb", "z", "\xff\xfe" }
for _, name in ipairs(names) do assert(fs.write(dir.path .. "/" .. name, "")) end
assert(fs.mkdir(dir.path .. "/dir") and fs.symlink("dir", dir.path .. "/link"))

local got, types = assert(fs.readdir(dir.path))
local want = { ".hidden", "B", "a", "a\nb", "a b", "dir", "link", "z", "\xff\xfe" }
assert(#got == #want)
for i, name in ipairs(want) do assert(got[i] == name, got[i]) end
assert(types.a == "file" and types.dir == "directory" and types.link == "link")

got, types = fs.readdir(dir.path .. "/link")
assert(#got == 0 and next(types) == nil, "an empty directory, through a link")

for i = 1, 3000 do assert(fs.symlink("x", ("%s/dir/%04d"):format(dir.path, i))) end
got = fs.readdir(dir.path .. "/dir")
assert(#got == 3000 and got[1] == "0001" and got[3000] == "3000")

local none, message, code = fs.readdir(dir.path .. "/a")
assert(none == nil and code == "ENOTDIR" and message == dir.path .. "/a: not a directory")
assert(select(3, fs.readdir(dir.path .. "/none")) == "ENOENT")
