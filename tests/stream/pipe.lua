-- pipe: all of it, then the destination is finished; a failing one ends it; options.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local r1, w1 = pipe.new()
local r2, w2 = pipe.new()
local t = r1:pipe(w2)
local ok, message = pcall(r1.read, r1)
assert(not ok and message:find("read: pipe takes what comes", 1, true), message)
assert(not pcall(r1.on, r1, "data", print) and not pcall(r1.pipe, r1, w2))
local all = task.spawn(function() return r2:read("a") end)
w1:write(("abc"):rep(200000))
w1:close()
assert(all:wait() == ("abc"):rep(200000) and t:wait() == true)
assert(w2:fileno() == nil) -- finished
r1:close()
r2:close()

-- Several sources into one destination.
r2, w2 = pipe.new()
for i = 1, 3 do
  local r, w = pipe.new()
  task.spawn(function() w:finish(tostring(i)) end)
  assert(r:pipe(w2, { finish = false }):wait() == true)
end
w2:finish()
assert(r2:read("a") == "123")

-- The destination fails: told, and what was not taken can be read.
r1, w1 = pipe.new()
r2, w2 = pipe.new()
t = r1:pipe(w2)
r2:close()
w1:write("lost")
local done, _, code = t:wait()
assert(done == nil and code == "EPIPE")
w1:finish("kept")
assert(r1:read("a") == "kept")
assert(not pcall(r1.pipe, r1, {}) and not pcall(r1.pipe, r1, w2, { fin = true }))

-- Cancelled: the source can be read again.
r1, w1 = pipe.new()
r2, w2 = pipe.new()
t = r1:pipe(w2)
task.yield()
t:cancel()
pcall(t.wait, t)
w1:finish("again")
assert(r1:read("a") == "again")

-- The source is closed while a chunk is being written: told, and the destination is finished.
r1, w1 = pipe.new()
r2, w2 = pipe.new()
t = r1:pipe(w2)
task.spawn(function() w1:write(("x"):rep(1000000)) end)
while select(3, w2._core:state()) == 0 do task.yield() end
r1:close()
local taken = #r2:read("a")
assert(taken > 0 and taken < 1000000)
done, _, code = t:wait()
assert(done == nil and code == "ECANCELED")
