-- read_at and write_at: anywhere in a file, beside what its stream reads; truncate, sync, stat.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local path = dir.path .. "/f"
assert(fs.write(path, "0123456789\nsecond\n"))
local f = assert(fs.open(path, "r+"))
assert(f:read("l") == "0123456789")
assert(f:read_at(3, 2) == "234" and f:read_at(100, 11) == "second\n" and f:read_at(1, 18) == nil)
assert(f:read_at(0, 0) == "" and f:read_at(10, 1 << 40) == nil)
assert(f:write_at("AB", 4) == f and f:read_at(10, 0) == "0123AB6789" and f:seek() == 11)
assert(f:write_at("far", 100) == f and f:stat().size == 103 and f:read_at(1, 50) == "\0")
assert(f:sync() == true and f:sync("data") == true)

-- Cut below the place that was read ahead to: what is gone is not read any more.
assert(f:truncate(14) == true and f:read("a") == "sec" and f:stat().size == 14)
assert(f:truncate() == true and f:stat().size == 0 and f:stat().type == "file")
f:close()

-- Many at a time, each at its own place.
f = assert(fs.open(path, "w+"))
local tasks = {}
for i = 0, 99 do
  tasks[i + 1] = function() return assert(f:write_at(("%04d"):format(i), i * 4)) end
end
task.all(tasks)
local read = task.map({ 10, 99, 0, 57 }, 2, function(i) return f:read_at(4, i * 4) end)
assert(table.concat(read, " ") == "0010 0099 0000 0057")

-- A close meanwhile does not reach another file through the number of the descriptor.
local reader = task.spawn(function() return f:read_at(4, 0) end)
task.yield()
f:close()
assert(reader:wait() == "0000")

f = assert(fs.open(path, "a"))
local ok, message, code = f:write_at("x", 0)
assert(ok == nil and code == "EINVAL")
assert(message == "write_at: the file is open for appending", message)
ok, message, code = f:read_at(1, 0)
assert(ok == nil and code == "EBADF" and message == "read_at: bad file descriptor", message)
f:close()

-- What a child gets goes on where the script has stopped reading.
local proc = require "procrun.proc"
assert(fs.write(path, "one\ntwo\nthree\n"))
local input <close> = assert(fs.open(path))
assert(input:read("l") == "one")
assert(proc.run("cat", { stdin = input }).stdout == "two\nthree\n")
