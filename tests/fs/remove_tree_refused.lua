-- remove_tree raises instead of removing everything or the home directory.
local fs = require "procrun.fs"
local home = assert(os.getenv("HOME"), "no HOME")
local dir <close> = assert(fs.temp_dir())
assert(fs.symlink("/", dir.path .. "/root"))

local function refuses(path)
  local ok, message = pcall(fs.remove_tree, path)
  local want = "bad argument #1 to 'remove_tree' (will not remove"
  assert(not ok and message:find(want, 1, true), message)
end
refuses("")
refuses("/")
refuses("//")
refuses("/proc/..")
refuses(dir.path .. "/root/.")
if fs.is_dir(home) then
  refuses(home)
  refuses(home .. "//")
  refuses(home .. "/../" .. fs.realpath(home):match("[^/]*$"))
end
