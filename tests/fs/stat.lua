-- stat and lstat: type, size, mode, times, names.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end

local before = os.time()
assert(fs.write(at "file", "12345", { mode = "640" }))
assert(fs.symlink("file", at "link") and os.execute("mkfifo '" .. at "fifo" .. "'"))

local st = assert(fs.stat(at "file"))
assert(st.type == "file" and st.size == 5 and st.mode == 416 and st.nlink == 1)
assert(st.mtime >= before - 1 and st.mtime < before + 60 and math.type(st.mtime) == "float")
assert(math.type(st.atime) == "float" and math.type(st.ctime) == "float")
for _, key in ipairs { "uid", "gid", "ino", "dev" } do
  assert(math.type(st[key]) == "integer", key)
end
assert(fs.stat(at "link").ino == st.ino and fs.lstat(at "link").type == "link")
assert(fs.lstat(at "link").size == #"file")
assert(fs.stat(at "fifo").type == "fifo" and fs.stat(dir.path).type == "directory")
assert(fs.stat("/dev/null").type == "char" and fs.stat(dir.path).mode == 448)

local got, message, code = fs.stat(at "none")
assert(got == nil and code == "ENOENT" and message == at "none" .. ": no such file or directory")
