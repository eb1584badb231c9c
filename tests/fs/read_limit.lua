-- read: a limit is never exceeded and never cuts anything off, whatever the size says.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"
assert(fs.write(file, "0123456789"))

assert(fs.read(file, 10) == "0123456789")
local got, message, code = fs.read(file, 9)
assert(got == nil and message == file .. ": file too large" and code == "EFBIG")
assert(select(3, fs.read(file, 0)) == "EFBIG")
assert(fs.write(file, "") and fs.read(file, 0) == "")

-- No size to go by: a file of /proc, and a device without an end.
assert(select(3, fs.read("/proc/self/status", 100)) == "EFBIG")
assert(select(3, fs.read("/dev/zero", 1000000)) == "EFBIG")
assert(fs.read("/dev/null", 0) == "")

for _, bad in ipairs { -1, 1.5, "10" } do
  local ok, err = pcall(fs.read, file, bad)
  assert(not ok and err:find("bad argument #2 to 'read' (number of bytes expected)", 1, true), err)
end
