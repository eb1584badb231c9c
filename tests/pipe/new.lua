-- What is written comes out at the other end, in order, and then its end.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local reader, writer = assert(pipe.new())
local writing = task.spawn(function()
  assert(writer:write("one\n", "two\n", "thr"))
  writer:close()
end)
assert(reader:read("l") == "one")
assert(reader:read("L") == "two\n")
assert(reader:read("a") == "thr")
assert(reader:read("l") == nil and reader:read("a") == "")
writing:wait()
reader:close()
