-- A file of 20 MB is written and read, byte for byte, while another task goes on.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/large"

local block = {}
for i = 1, 4096 do block[i] = ("%08x"):format(i * 2654435761 % 2 ^ 32 // 1 | 0) end
local bytes = table.concat(block):rep(640)
assert(#bytes == 20 * 1024 * 1024)

local turns, stop = 0, false
local other = task.spawn(function()
  while not stop do
    turns = turns + 1
    task.yield()
  end
end)
assert(fs.write(file, bytes))
local before = turns
assert(fs.read(file) == bytes)
assert(turns > before, "the other task stood still")
stop = true
other:wait()
assert(fs.stat(file).size == #bytes)
assert(fs.copy(file, file .. "2"))
assert(fs.read(file .. "2") == bytes)
