-- Calls wait inside coroutines of the user, iterators, metamethods and __close as well.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
for i = 1, 3 do assert(fs.write(dir.path .. "/" .. i, "file " .. i)) end

local files = coroutine.wrap(function()
  for _, name in ipairs(fs.readdir(dir.path)) do
    coroutine.yield(fs.read(dir.path .. "/" .. name))
  end
end)
local got = {}
for text in files do got[#got + 1] = text end
assert(table.concat(got, ", ") == "file 1, file 2, file 3")

local reader = setmetatable({}, {
  __index = function(_, name) return fs.read(dir.path .. "/" .. name) end,
})
assert(reader["2"] == "file 2" and reader.none == nil)

do
  local _ <close> = setmetatable({}, {
    __close = function() assert(fs.remove(dir.path .. "/1")) end,
  })
end
assert(not fs.exists(dir.path .. "/1"))
