-- pair: both ends read and write, and one direction can end on its own.
local pipe = require "procrun.pipe"

local a, b = assert(pipe.pair())
assert(a:write("to b\n") and b:write("to a\n"))
assert(a:read("l") == "to a" and b:read("l") == "to b")
a:finish("the last\n")
assert(b:read("l") == "the last" and b:read("l") == nil)
assert(b:write("still open\n"))
assert(a:read("l") == "still open")
a:close()
assert(b:read("a") == "")
b:close()
