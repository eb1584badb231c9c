-- Where Lua cannot yield, a call blocks instead of raising.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local names = { "c", "a", "b" }
for i, name in ipairs(names) do assert(fs.write(dir.path .. "/" .. name, ("x"):rep(i))) end

local function size(name) return #assert(fs.read(dir.path .. "/" .. name)) end
table.sort(names, function(a, b) return size(a) > size(b) end)
assert(table.concat(names) == "bac")

local text = ("a b c"):gsub("%a", function(name)
  assert(fs.write(dir.path .. "/" .. name, name:upper()))
  return fs.read(dir.path .. "/" .. name)
end)
assert(text == "A B C")

local failures = {}
table.sort({ 1, 2 }, function(a, b)
  failures[1] = { fs.read(dir.path .. "/none") }
  failures[2] = { fs.readdir(dir.path .. "/none") }
  return a < b
end)
assert(failures[1][3] == "ENOENT" and failures[2][3] == "ENOENT")

local found
setmetatable({}, { __gc = function() found = fs.stat(dir.path).type end })
collectgarbage()
collectgarbage()
assert(found == "directory")
