-- Reading a FIFO waits for a writer and what it writes, and suspends only its task.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))

-- Whatever the task can do, it does meanwhile: many requests of the pool later it has not ended.
local function still_waits(t)
  for _ = 1, 50 do assert(fs.stat(fifo).type == "fifo") end
  return t:status() ~= "done"
end

local reader = task.spawn(fs.read, fifo)
assert(still_waits(reader))
assert(fs.write(fifo, "through the fifo"))
assert(reader:wait() == "through the fifo")

-- The writer may wait for the reader as well.
local large = ("0123456789abcdef"):rep(20000)
local writer = task.spawn(fs.write, fifo, large)
assert(still_waits(writer))
assert(fs.read(fifo) == large)
assert(writer:wait() == true)
assert(fs.lstat(fifo).type == "fifo", "a plain file was put in its place")

reader = task.spawn(fs.read, fifo, 10)
assert(fs.write(fifo, "0123456789!"))
local got, message, code = reader:wait()
assert(got == nil and code == "EFBIG" and message == fifo .. ": file too large")
