-- disk_space: the numbers that df(1) gives; readdir refuses more names than its limit.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local space = assert(fs.disk_space(dir.path))
local pipe = assert(io.popen("df -B1 --output=size,itotal '" .. dir.path .. "' | tail -1"))
local size, files = pipe:read("n", "n")
pipe:close()
assert(space.total == size and space.files == files)
assert(space.free >= space.available and space.used == space.total - space.free)
assert(space.files_free <= space.files and space.block_size > 0)
assert(select(3, fs.disk_space(dir.path .. "/none")) == "ENOENT")

for i = 1, 5 do assert(fs.touch(dir.path .. "/" .. i)) end
assert(#fs.readdir(dir.path, 5) == 5)
local names, message, code = fs.readdir(dir.path, 4)
assert(names == nil and code == "EFBIG" and message == dir.path .. ": more than 4 names", message)
local ok, err = pcall(function() return (fs.readdir(dir.path, -1)) end)
assert(not ok and err:find("bad argument #2 to 'readdir' (number of names expected)", 1, true), err)
