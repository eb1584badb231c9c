-- A callback that nobody would ever call is refused, and nothing has been done by then.
local pipe = require "procrun.pipe"

local reader, writer = pipe.new()

local function refused(wanted, method, ...)
  local ok, message = pcall(writer[method], writer, ...)
  assert(not ok and message:find(wanted, 1, true), message)
end

refused("bad argument #2 to 'write' (string expected, got function)", "write", "x", print)
refused("bad argument #2 to 'finish' (nothing expected, got function: it returns when it is done)",
  "finish", "x", print)
refused("bad argument #1 to 'finish' (string expected, got function)", "finish", print)
refused("bad argument #1 to 'close' (nothing expected, got function: it returns when it is done)",
  "close", print)
assert(writer:finish("all") and writer:close())
assert(reader:read("a") == "all")
