-- read: a whole file as bytes; failures name the path and tell the code.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())

local file = dir.path .. "/file"
for _, bytes in ipairs { "", "x", "a\0b\r\n\xff", ("line\n"):rep(10000) } do
  assert(fs.write(file, bytes))
  assert(fs.read(file) == bytes)
  assert(select("#", fs.read(file)) == 1)
end

local function fails(code, text, got, message, got_code)
  assert(got == nil and got_code == code, ("%s, not %s"):format(got_code, code))
  assert(message == text, message)
end
local missing = dir.path .. "/missing"
fails("ENOENT", missing .. ": no such file or directory", fs.read(missing))
fails("EISDIR", dir.path .. ": is a directory", fs.read(dir.path))
fails("ENOTDIR", file .. "/x: not a directory", fs.read(file .. "/x"))
assert(fs.symlink("loop", dir.path .. "/loop"))
fails("ELOOP", dir.path .. "/loop: too many levels of symbolic links", fs.read(dir.path .. "/loop"))
assert(select(3, fs.read("")) == "ENOENT")
