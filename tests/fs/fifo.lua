-- Reading a FIFO waits for a writer and what it writes, and suspends only its task.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))

local reader = task.spawn(fs.read, fifo)
assert(fs.stat(fifo).type == "fifo") -- the pool is free
task.yield()
assert(reader:status() == "waiting")
assert(fs.write(fifo, "through the fifo"))
assert(reader:wait() == "through the fifo")

-- The writer may wait for the reader as well.
local large = ("0123456789abcdef"):rep(20000)
local writer = task.spawn(fs.write, fifo, large)
task.sleep(0.01)
assert(writer:status() == "waiting")
assert(fs.read(fifo) == large)
assert(writer:wait() == true)
assert(fs.lstat(fifo).type == "fifo", "a plain file was put in its place")

reader = task.spawn(fs.read, fifo, 10)
assert(fs.write(fifo, "0123456789!"))
local got, message, code = reader:wait()
assert(got == nil and code == "EFBIG" and message == fifo .. ": file too large")
