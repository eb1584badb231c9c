-- write: numbers, several arguments, chaining, misuse; several writers keep their order.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local reader, writer = pipe.new()
assert(writer:write("a", 1, 2.5, ""):write("\n") == writer)
assert(writer:write() == writer and writer:flush() == writer)
assert(reader:read() == "a12.5")
local ok, message = pcall(writer.write, writer, "x", {})
assert(not ok and message:find("write.lua:%d+: bad argument #2 to 'write'"), message)
assert(not pcall(writer.write, "x"))

-- Each write is whole, whatever has to wait; a writer's own writes stay in order.
local TASKS <const>, EACH <const>, SIZE <const> = 7, 20, 10000
for i = 1, TASKS do
  task.spawn(function()
    for k = 1, EACH do assert(writer:write(("%d:%03d "):format(i, k), ("x"):rep(SIZE), "\n")) end
  end)
end
local last = {}
for _ = 1, TASKS * EACH do
  local i, k, rest = reader:read():match("^(%d):(%d+) (x+)$")
  assert(#rest == SIZE and tonumber(k) == (last[i] or 0) + 1, k)
  last[i] = tonumber(k)
end

-- A write that had to wait returns once its own bytes are gone, not before.
local done = {}
for i = 1, 3 do
  task.spawn(function()
    writer:write((tostring(i)):rep(100000))
    done[#done + 1] = i
  end)
end
for _ = 1, 5 do task.yield() end
assert(#done == 0)
assert(reader:read(100000) == ("1"):rep(100000))
assert(reader:read(200000) == ("2"):rep(100000) .. ("3"):rep(100000))
while #done < 3 do task.yield() end
assert(table.concat(done) == "123")
writer:close()
assert(select(3, writer:write("x")) == "EPIPE")
assert(reader:read("a") == "")
reader:close()
