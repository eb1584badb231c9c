-- The end of a program while requests are under way is clean.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/large", ("x"):rep(8 * 1024 * 1024)))
for _ = 1, 20 do
  task.spawn(function()
    fs.read(dir.path .. "/large")
    fs.open(dir.path .. "/large")
  end)
end
task.yield()
os.exit(true)
