-- open: streams with the modes of io.open.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"

local function write(mode, ...)
  local f <close> = assert(fs.open(file, mode))
  for _, text in ipairs { ... } do assert(f:write(text)) end
  assert(f:flush())
end
write("w", "one\n", "two\n")
assert(fs.read(file) == "one\ntwo\n")
write("ab", "three\n")
assert(fs.read(file) == "one\ntwo\nthree\n")
write("r+", "ONE")
assert(fs.read(file) == "ONE\ntwo\nthree\n")
do
  local f <close> = assert(fs.open(file))
  assert(f:read() == "ONE" and f:read("L") == "two\n")
  assert(f:read(2) == "th" and f:read("a") == "ree\n")
  assert(f:read("a") == "" and f:read() == nil)
end
do
  local f <close> = assert(fs.open(file, "rb"))
  local got = f:write("x")
  assert(got == nil, "written through a stream that was opened for reading")
end
write("w+b", "")
assert(fs.read(file) == "")

-- A large one: written and read in pieces.
local f = assert(fs.open(file, "w"))
local piece = ("0123456789abcdef"):rep(4096)
for _ = 1, 50 do assert(f:write(piece)) end
f:close()
assert(fs.stat(file).size == 50 * #piece)
f = assert(fs.open(file, "r"))
assert(f:read("a") == piece:rep(50))
f:close()

local got, message, code = fs.open(dir.path .. "/none")
assert(got == nil and code == "ENOENT")
assert(message == dir.path .. "/none: no such file or directory")
assert(select(3, fs.open(dir.path)) == "EISDIR")
for _, bad in ipairs { "", "x", "rw", "r++", "rbb", "r+b+" } do
  local ok, err = pcall(fs.open, file, bad)
  assert(not ok and err:find("bad argument #2 to 'open' (invalid mode)", 1, true), err)
end
