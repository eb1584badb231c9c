-- lines: an iterator over the lines of a file, closed at its end and when the loop is left.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"
local function descriptors() return #fs.readdir("/proc/self/fd") end
local before = descriptors()

local function collect(...)
  local list = {}
  for line in fs.lines(...) do list[#list + 1] = "<" .. line .. ">" end
  return table.concat(list)
end
assert(fs.write(file, "one\n\nthree\r\nlast"))
assert(collect(file) == "<one><><three\r><last>")
assert(collect(file, "L") == "<one\n><\n><three\r\n><last>")
assert(fs.write(file, "") and collect(file) == "")

local many = {}
for i = 1, 50000 do many[i] = "line " .. i end
assert(fs.write(file, table.concat(many, "\n")))
local n = 0
for line in fs.lines(file) do
  n = n + 1
  assert(line == many[n])
end
assert(n == #many)
for line in fs.lines(file) do
  if line == "line 3" then break end
end
local tries = 0
while descriptors() ~= before do -- a thread may just be reading ahead
  tries = tries + 1
  assert(tries < 10000, "left open")
end

local function raises(text, ...)
  local ok, message = pcall(collect, ...)
  assert(not ok and message:find(text, 1, true), message)
end
raises(dir.path .. "/none: no such file or directory", dir.path .. "/none")
raises(dir.path .. ": is a directory", dir.path)
assert(fs.write(file, ("x"):rep(3 << 20)))
raises("a line longer than", file)
