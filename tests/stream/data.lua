-- data, end, close: in order, with back-pressure; mixing with read is an error; off stops the flow.
if arg[1] == "error" then
  local heard = 0
  if arg[2] then
    process.stdin:on("error", function(e)
      assert(heard == 0 and e.code == "EISDIR" and tostring(e):find("^read: "), tostring(e))
      heard = heard + 1
    end)
    process.stdin:on("close", function() print("heard", heard) end)
  end
  process.stdin:on("end", function() error("no end behind an error") end)
  process.stdin:on("data", print)
  return
end
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local function wait_until(condition)
  while not condition() do task.yield() end
end

local reader, writer = pipe.new()
local order, size, busy = {}, 0, false
reader:on("data", function(chunk)
  assert(not busy, "listeners of one stream run one after the other")
  busy = true
  task.yield()
  busy = false
  size = size + #chunk
end)
reader:on("end", function() order[#order + 1] = "end" end)
reader:on("close", function() order[#order + 1] = "close" end)
for _, name in ipairs { "read", "read_some", "lines", "pipe" } do
  local ok, message = pcall(reader[name], reader, writer)
  assert(not ok and message:find("data.lua:%d+: " .. name .. ": a 'data' listener takes"), message)
end
writer:finish(("x"):rep(1000000))
wait_until(function() return #order == 2 end)
assert(size == 1000000 and table.concat(order, " ") == "end close")
assert(reader:close() and reader:fileno() == nil)
reader:on("data", error) -- nothing comes any more, and that is no error

-- A listener that waits holds the writer.
reader, writer = pipe.new()
local open, written, calls = false, 0, 0
reader:on("data", function()
  calls = calls + 1
  while not open do task.sleep(0.001) end
end)
local t = task.spawn(function()
  for _ = 1, 40 do
    writer:write(("y"):rep(65536))
    written = written + 65536
  end
  writer:close()
end)
repeat task.sleep(0.02) until calls > 0
assert(calls == 1 and written < 1024 * 1024, written) -- a pipe, the buffer, and one chunk
open = true
t:wait()

-- Without a listener it stands still; what comes next can be read.
reader, writer = pipe.new()
local chunks = {}
local function listener(chunk) chunks[#chunks + 1] = chunk end
reader:on("data", listener)
writer:write("one")
wait_until(function() return #chunks == 1 end)
reader:off("data", listener)
writer:write("two\n")
assert(reader:read() == "two")
reader:on("data", listener)
reader:off("data", listener)
writer:write("three\n")
assert(reader:read() == "three")
reader:on("data", listener)
writer:finish("four")
wait_until(function() return reader:fileno() == nil end)
assert(table.concat(chunks, " ") == "one four")

-- Misuse.
reader, writer = pipe.new()
assert(not pcall(writer.on, writer, "data", print))
reader:close()
assert(not pcall(reader.on, reader, "data", print))

-- Closed while it flows: no end, but close.
reader, writer = pipe.new()
local events = {}
for _, name in ipairs { "data", "end", "close", "error" } do
  reader:on(name, function() events[#events + 1] = name end)
end
writer:write("z")
wait_until(function() return #events == 1 end)
reader:close()
for _ = 1, 5 do task.yield() end
assert(table.concat(events, " ") == "data close", table.concat(events, " "))
writer:close()

-- An error nobody waits for is an event; unheard, it is an uncaught error.
local p = assert(io.popen(("'%s' '%s' error heard </"):format(arg[-1], arg[0])))
local text = p:read("a")
assert(p:close() and text == "heard\t1\n", text)
p = assert(io.popen(("'%s' '%s' error 2>&1 </"):format(arg[-1], arg[0])))
text = p:read("a")
assert(select(3, p:close()) == 1 and text:find("read: is a directory", 1, true), text)
