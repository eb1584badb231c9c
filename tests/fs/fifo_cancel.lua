-- Reads and writes of a FIFO at whose other end nobody is can be cancelled and time out.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))

local function descriptors()
  collectgarbage()
  collectgarbage()
  return #fs.readdir("/proc/self/fd")
end
local before = descriptors()
local readers = {}
for i = 1, 20 do readers[i] = task.spawn(fs.read, fifo) end -- more than there are threads
for _ = 1, 100 do assert(fs.stat(fifo).type == "fifo") end -- the pool stays free
for _, t in ipairs(readers) do
  assert(t:status() ~= "done")
  t:cancel()
end
for _, t in ipairs(readers) do
  local got, _, code = t:wait()
  assert(got == nil and code == "ECANCELED")
end
local got, message, code = task.timeout(0.01, fs.write, fifo, "x")
assert(got == nil and message == "timeout" and code == "ETIMEDOUT")
got, message, code = task.timeout(0.01, function()
  for line in fs.lines(fifo) do error(line) end
end)
assert(got == nil and message == "timeout" and code == "ETIMEDOUT")
local tries = 0
while descriptors() ~= before do -- a thread may be about to close one
  tries = tries + 1
  assert(tries < 1000, "descriptors are left")
end
