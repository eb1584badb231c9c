-- A cancel, or a time-out, loses no byte: neither of a reader nor of a writer.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local function is_cut(fn, ...)
  local t = task.spawn(fn, ...)
  task.yield()
  task.yield()
  t:cancel()
  pcall(t.wait, t)
  assert(t:status() == "cancelled", t:status())
end

local reader, writer = pipe.new()
writer:write("half a li")
is_cut(reader.read, reader)
is_cut(reader.read, reader, 10)
is_cut(reader.read, reader, "a")
is_cut(reader.read, reader, 4, "l")
local value, _, code = task.timeout(0.001, function() return reader:read("L") end)
assert(value == nil and code == "ETIMEDOUT")
writer:write("ne\n  12")
assert(reader:read("L") == "half a line\n")
is_cut(reader.read, reader, "n")
is_cut(reader.read, reader, 1, "n")
writer:write("34\n")
assert(reader:read("L") == "  1234\n")

is_cut(writer.write, writer, "first", ("x"):rep(200000))
is_cut(writer.flush, writer)
local t = task.spawn(function() return writer:finish("last") end)
assert(reader:read("a") == "first" .. ("x"):rep(200000) .. "last")
assert(t:wait() == writer)
reader:close()

-- A listener is no different.
reader, writer = pipe.new()
writer:write("for the listener")
local got
reader:once("data", function(chunk) got = chunk end)
while not got do task.yield() end
task.yield()
writer:write("for read")
writer:close()
assert(got == "for the listener" and reader:read("a") == "for read")
reader:close()
