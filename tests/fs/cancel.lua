-- A cancelled task leaves no descriptor, no temporary file and no half-written file behind.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local large = ("x"):rep(8 * 1024 * 1024)
assert(fs.write(at "large", large) and fs.write(at "file", "old") and fs.mkdir(at "tmp"))

local function descriptors() return #fs.readdir("/proc/self/fd") end
local before = descriptors()
local calls = {
  function() return fs.read(at "large") end,
  function() return fs.write(at "file", large) end,
  function() return fs.lines(at "large") end,
  function() return fs.stat(at "large") end,
  function() return fs.readdir(dir.path) end,
}
-- More than there are threads: some have started when the cancel comes, others have not.
for round = 0, 3 do
  local tasks = {}
  for i = 1, 50 do tasks[i] = task.spawn(calls[i % #calls + 1]) end
  for _ = 1, round do task.yield() end
  for _, t in ipairs(tasks) do t:cancel() end
  for _, t in ipairs(tasks) do
    local got, _, code = t:wait()
    assert(got or code == "ECANCELED")
  end
end
collectgarbage()
collectgarbage()

-- What a thread was doing ends soon after; each look is a request behind it.
local function settled()
  local names = fs.readdir(dir.path)
  for _, name in ipairs(names) do
    if name:find("^%.procrun") then return false end
  end
  return descriptors() <= before
end
local tries = 0
while not settled() do
  tries = tries + 1
  assert(tries < 10000, "descriptors or temporary files are left")
  collectgarbage()
end
local text = fs.read(at "file")
assert(text == "old" or text == large, "half a file")
