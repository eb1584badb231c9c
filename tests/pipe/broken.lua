-- Writing where the reader has been closed fails with EPIPE and does not kill.
local pipe = require "procrun.pipe"

local reader, writer = assert(pipe.new())
reader:close()
local value, message, code = writer:write("lost")
assert(value == nil and type(message) == "string" and code == "EPIPE", code)
writer:close()

local a, b = assert(pipe.pair())
b:close()
value, message, code = a:write("lost")
assert(value == nil and type(message) == "string" and code == "EPIPE", code)
a:close()
