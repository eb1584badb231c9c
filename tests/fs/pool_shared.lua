-- Many long operations at once do not hold up the short ones, and go one after the other.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end

assert(fs.write(at "from", ("x"):rep(1 << 20)))
local ended, tasks = 0, {}
for i = 1, 400 do
  tasks[i] = task.spawn(function()
    assert(fs.copy(at "from", at("to" .. i)))
    ended = ended + 1
    return true
  end)
end
task.sleep(0)
assert(fs.stat(at "from"))
assert(ended < 200, "stat has waited for " .. ended .. " copies")

-- Those that wait for their turn are cancelled at once; the others get it.
for i = 101, 400 do tasks[i]:cancel() end
for i = 1, 100 do assert(tasks[i]:wait()) end
for i = 1, 100 do assert(fs.stat(at("to" .. i)).size == 1 << 20) end
assert(ended < 400)

-- A run ends while some stand in line behind what was dropped.
task.timeout(0, fs.copy, at "from", at "last")
assert(fs.copy(at "from", at "last"))
