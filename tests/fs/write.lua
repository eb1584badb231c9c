-- write replaces a file by a complete new one, and leaves nothing else behind.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"

assert(fs.write(file, "one") == true)
local first = fs.stat(file)
assert(fs.write(file, "two"))
local second = fs.stat(file)
assert(fs.read(file) == "two" and second.ino ~= first.ino, "not by renaming")
assert(#fs.readdir(dir.path) == 1, "a temporary file is left")

assert(fs.write(file, "three", { atomic = false }))
assert(fs.read(file) == "three" and fs.stat(file).ino == second.ino)
assert(fs.write(file, "3", { atomic = false }) and fs.read(file) == "3") -- cut off

assert(fs.append(file, "4") and fs.append(file, 5))
assert(fs.write(file, "6", { append = true, sync = true }))
assert(fs.read(file) == "3456" and fs.stat(file).ino == second.ino)
assert(fs.append(dir.path .. "/new", "x") and fs.read(dir.path .. "/new") == "x")
assert(fs.write(file, 12, { sync = true }) and fs.read(file) == "12")
