-- Misuse is an error that names function and argument, at the line of the script.
local path = require "procrun.path"

local takes = {
  is_absolute = 1, normal = 1, join = 3, absolute = 2, relative = 2, split = 1, dirname = 1,
  basename = 2, extension = 1, stem = 1, with_extension = 2, parts = 1, expand = 1,
  is_inside = 2, match = 1,
}
local function fails(name, index, value, what)
  local args = { "/a", "/b", "/c" }
  args[index] = value
  local ok, err = pcall(function()
    local result = path[name](table.unpack(args, 1, takes[name]))
    return result
  end)
  local want = ("bad argument #%d to '%s' (%s)"):format(index, name, what)
  assert(not ok and err:find("misuse.lua:%d+: ") and err:sub(-#want) == want, tostring(err))
end
for name, f in pairs(path) do
  if type(f) == "function" then
    for index = 1, assert(takes[name], name) do
      fails(name, index, {}, "path expected, got table")
      fails(name, index, true, "path expected, got boolean")
      fails(name, index, "a\0b", "path contains a NUL byte")
      if index == 1 or name == "join" or name == "relative" or name == "with_extension" then
        fails(name, index, nil, "path expected, got nil")
      end
    end
  end
end
