-- close flushes, finish ends one direction; a second call does nothing; <close>; the event, once.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local BIG <const> = ("b"):rep(300000)

local function read_later(reader)
  return task.spawn(function()
    for _ = 1, 5 do task.yield() end
    return reader:read("a")
  end)
end

-- close waits for what a cancelled writer has left.
local reader, writer = pipe.new()
local closed = 0
writer:on("close", function() closed = closed + 1 end)
local t = task.spawn(function() writer:write(BIG) end)
task.yield()
t:cancel()
local all = read_later(reader)
assert(writer:close() == true and writer:close() == true and closed == 1)
assert(all:wait() == BIG)
assert(writer:fileno() == nil and tostring(writer) == "stream (closed)")
assert(reader:close() and reader:close())

-- finish with data, twice; a pipe is closed by it.
reader, writer = pipe.new()
all, closed = read_later(reader), 0
writer:on("close", function() closed = closed + 1 end)
assert(writer:finish(BIG) == writer)
assert(writer:finish() == writer and writer:close() and closed == 1)
assert(select(3, writer:finish("x")) == "EPIPE")
assert(all:wait() == BIG)
reader:close()

-- A socket can still be read behind it.
local a, b = pipe.pair()
assert(a:finish("question") and select(3, a:write("x")) == "EPIPE")
assert(b:read("a") == "question" and b:write("answer\n"))
assert(a:read() == "answer" and a:finish() == a)
a:close()
assert(b:read() == nil)
b:close()

-- <close>, with a write that waits.
reader, writer = pipe.new()
all = read_later(reader)
do
  local w <close> = writer
  w:write(BIG, "end")
end
assert(all:wait() == BIG .. "end" and writer:fileno() == nil)
reader:close()

-- Whoever waits when the stream is closed is told.
reader, writer = pipe.new()
local r = task.spawn(function() return reader:read("a") end)
local s = task.spawn(function() return reader:read_some() end)
writer:write("part")
task.yield()
reader:close()
local value, message, code = r:wait()
assert(value == nil and message == "the stream was closed" and code == "ECANCELED")
assert(select(3, s:wait()) == "ECANCELED")
local result, _, failure = writer:write(BIG)
assert(result == nil and failure == "EPIPE") -- and the process lives on
assert(writer:close() == true) -- the failure has been told
