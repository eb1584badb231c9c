-- A reader that goes away while somebody writes: EPIPE for each that waits, and told once.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local reader, writer = pipe.new()
local writers = {}
for i = 1, 3 do
  writers[i] = task.spawn(function() return writer:write(("x"):rep(100000)) end)
end
task.yield()
reader:close()
for i = 1, 3 do
  local ok, message, code = writers[i]:wait()
  assert(not ok and code == "EPIPE" and message:find("^write: "), message)
end
assert(select(3, writer:write("more")) == "EPIPE")
assert(select(3, writer:flush()) == "EPIPE")
assert(writer:close() == true)

-- Nobody was told: close does.
reader, writer = pipe.new()
local t = task.spawn(function() writer:write(("x"):rep(100000)) end)
task.yield()
t:cancel()
reader:close()
local ok, _, code = writer:close()
assert(ok == nil and code == "EPIPE")
assert(writer:close() == true)
