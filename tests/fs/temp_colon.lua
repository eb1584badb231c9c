-- A forgotten colon is told; nothing is removed, and nothing pretends to be.

local fs = require "fs"

local dir <close> = assert(fs.temp_dir())
for _, name in ipairs {"remove", "keep"} do
  local ok, message = pcall(dir[name])
  assert(not ok and message:find("call it with a colon: temp:" .. name .. "()", 1, true), message)
end
assert(fs.exists(dir.path))
