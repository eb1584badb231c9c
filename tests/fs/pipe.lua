-- pipe: what is written at one end is read at the other.
local fs = require "procrun.fs"
local task = require "procrun.task"
local reader, writer = fs.pipe()
assert(reader, writer)
local text = ("0123456789"):rep(50000)
local t = task.spawn(function()
  assert(writer:write(text))
  writer:close()
end)
assert(reader:read("a") == text)
t:wait()
reader:close()
