-- symlink, readlink, realpath, rename, copy, chmod, access.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local real = assert(fs.realpath(dir.path))
local function code_of(...) return (select(3, ...)) end
local function at(name) return dir.path .. "/" .. name end

assert(fs.mkdir(at "d") and fs.write(at "d/file", "text", { mode = "640" }))
assert(fs.symlink("d/../d/file", at "link") == true)
assert(fs.readlink(at "link") == "d/../d/file")
assert(fs.realpath(at "link") == real .. "/d/file")
assert(code_of(fs.readlink(at "d")) == "EINVAL" and code_of(fs.realpath(at "x")) == "ENOENT")
local ok, message, code = fs.symlink("x", at "link")
assert(ok == nil and code == "EEXIST")
assert(message == "x -> " .. at "link" .. ": file exists", message)

assert(fs.copy(at "link", at "copy") == true and fs.read(at "copy") == "text")
assert(fs.stat(at "copy").mode == 416 and fs.lstat(at "copy").type == "file")
assert(code_of(fs.copy(at "d", at "e")) == "EISDIR")
assert(code_of(fs.copy(at "copy", at "d")) == "EISDIR")
assert(code_of(fs.copy(at "none", at "e")) == "ENOENT" and not fs.exists(at "e"))
assert(os.execute("mkfifo '" .. at "fifo" .. "'"))
assert(code_of(fs.copy(at "fifo", at "e")) == "EINVAL")
assert(code_of(fs.copy(at "copy", at "fifo")) == "EINVAL")

assert(fs.rename(at "copy", at "moved") == true)
assert(not fs.exists(at "copy") and fs.exists(at "moved"))
ok, message, code = fs.rename(at "copy", at "moved")
assert(ok == nil and code == "ENOENT")
assert(message == at "copy" .. " -> " .. at "moved" .. ": no such file or directory", message)

assert(fs.chmod(at "moved", "700") == true and fs.stat(at "moved").mode == 448)
assert(fs.chmod(at "moved", 384) and fs.stat(at "moved").mode == 384)
assert(fs.access(at "moved") == true and fs.access(at "moved", "rw") == true)
assert(code_of(fs.access(at "none", "r")) == "ENOENT")
assert(code_of(fs.access(at "moved", "x")) == "EACCES", "nobody may execute it, not even root")
