-- truncate sets the size; sync waits for the disk, for files and directories.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"
assert(fs.write(file, "0123456789"))
assert(fs.truncate(file, 4) == true and fs.read(file) == "0123")
assert(fs.truncate(file, 6) == true and fs.read(file) == "0123\0\0")
assert(fs.truncate(file) == true and fs.read(file) == "")
assert(select(3, fs.truncate(dir.path .. "/none", 1)) == "ENOENT")
assert(select(3, fs.truncate(dir.path)) == "EISDIR")
local ok, message = pcall(function() return (fs.truncate(file, -1)) end)
assert(not ok and message:find("bad argument #2 to 'truncate'", 1, true), message)

assert(fs.sync(file) == true and fs.sync(file, "data") == true and fs.sync(dir.path) == true)
assert(select(3, fs.sync(dir.path .. "/none")) == "ENOENT")
ok, message = pcall(function() return (fs.sync(file, "all")) end)
assert(not ok and message:find("bad argument #2 to 'sync' (\"data\" expected)", 1, true), message)

-- Neither waits at a FIFO that nobody has open.
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))
assert(select(3, fs.truncate(fifo, 0)) == "EINVAL" and select(3, fs.sync(fifo)) == "EINVAL")
assert(fs.touch(fifo, 5) and fs.stat(fifo).mtime == 5 and fs.access(fifo, "rw"))
assert(fs.chmod(fifo, "600") and fs.stat(fifo).mode == 384)
