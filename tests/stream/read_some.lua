-- read_some gives what is there, as soon as there is something.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local reader, writer = pipe.new()
local got = {}
local t = task.spawn(function()
  for i = 1, 3 do got[i] = reader:read_some() end
  return reader:read_some()
end)
for _, word in ipairs { "one", "two", "three" } do
  local n = #got
  writer:write(word)
  while #got == n do task.yield() end
end
writer:close()
assert(t:wait() == nil and table.concat(got, "|") == "one|two|three", table.concat(got, "|"))
reader:close()

reader, writer = pipe.new()
writer:write("abcdef")
assert(reader:read_some(2) == "ab" and reader:read(1) == "c" and reader:read_some(100) == "def")
assert(not pcall(reader.read_some, reader, 0) and not pcall(reader.read_some, reader, "x"))
writer:close()
assert(select("#", reader:read_some()) == 1)
reader:close()
