-- Who writes more than the pipe holds waits for the reader; nothing is lost on the way.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local reader, writer = assert(pipe.new())
local SIZE <const> = 1 << 20
local chunk = ("0123456789abcdef"):rep(SIZE // 16)
local written = 0
local writing = task.spawn(function()
  for _ = 1, 4 do
    assert(writer:write(chunk))
    written = written + 1
  end
  writer:close()
end)
for _ = 1, 10 do task.yield() end
assert(written < 2, written)
for i = 1, 4 do
  local got = reader:read(SIZE)
  assert(got == chunk, i)
end
assert(reader:read("a") == "")
writing:wait()
assert(written == 4)
reader:close()
