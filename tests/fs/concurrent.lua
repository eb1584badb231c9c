-- Many requests of many tasks at once: each task gets its own result.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local tasks = {}
for i = 1, 100 do
  tasks[i] = task.spawn(function()
    local file = ("%s/%d"):format(dir.path, i)
    assert(fs.write(file, tostring(i)))
    assert(fs.append(file, ("."):rep(i)))
    return fs.read(file), fs.stat(file).size
  end)
end
for i, t in ipairs(tasks) do
  local text, size = t:wait()
  assert(text == i .. ("."):rep(i) and size == #text)
end
assert(#fs.readdir(dir.path) == 100)
