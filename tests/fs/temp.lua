-- temp_dir and temp_file: their own, in TMPDIR, removed when the block is left.
local fs = require "procrun.fs"
local tmp = assert(os.getenv("TMPDIR"))

local dir_path, file_path
do
  local dir <close> = assert(fs.temp_dir("my-"))
  local file <close> = assert(fs.temp_file())
  dir_path, file_path = dir.path, file.path
  assert(dir_path:sub(1, #tmp + 4) == tmp .. "/my-")
  assert(fs.is_dir(dir_path) and tostring(dir) == dir_path and dir / "a b" == dir_path .. "/a b")
  assert(fs.stat(dir_path).mode == 448 and fs.stat(file_path).mode == 384)
  assert(fs.is_file(file_path) and fs.stat(file_path).size == 0)
  assert(fs.mkdir_p(dir_path .. "/a/b") and fs.write(file_path, "x"))
end
assert(not fs.exists(dir_path) and not fs.exists(file_path))

-- Also by an error.
local ok = pcall(function()
  local dir <close> = assert(fs.temp_dir())
  dir_path = dir.path
  error("x")
end)
assert(not ok and not fs.exists(dir_path))

-- remove is the same, any number of times; kept is kept.
local dir = assert(fs.temp_dir())
assert(fs.temp_dir().path ~= dir.path)
assert(dir:remove() == true and dir:remove() == true and not fs.exists(dir.path))
do
  local kept <close> = assert(fs.temp_file("kept"))
  file_path = kept:keep()
end
assert(fs.exists(file_path) and fs.remove(file_path))

-- One that a script has removed or replaced is no failure.
dir = assert(fs.temp_dir())
assert(fs.remove(dir.path) and dir:remove() == true)

for _, bad in ipairs { "a/b", "../x" } do
  local fine, message = pcall(fs.temp_dir, bad)
  assert(not fine and message:find("bad argument #1 to 'temp_dir'", 1, true), message)
end
