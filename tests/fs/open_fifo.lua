-- Both ends of a FIFO as streams; either side may come first.
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

for _, reader_first in ipairs { true, false } do
  local reader, writer
  local function read()
    reader = assert(fs.open(fifo, "r"))
    return { reader:read(), reader:read(), reader:read() }
  end
  local function write()
    writer = assert(fs.open(fifo, "w"))
    assert(writer:write("one\n", "two\n"))
    writer:close()
  end
  local first = task.spawn(reader_first and read or write)
  assert(still_waits(first))
  local second = task.spawn(reader_first and write or read)
  local lines = (reader_first and first or second):wait()
  ;(reader_first and second or first):wait()
  assert(#lines == 2 and lines[1] == "one" and lines[2] == "two")
  reader:close()
end
