-- Copies that are cancelled: no half-written file under its name, no temporary file, no descriptor.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local text = ("0123456789abcdef"):rep(1 << 18)
assert(fs.mkdir(at "from"))
for i = 1, 6 do assert(fs.write(at("from/" .. i), text, { atomic = false })) end
assert(fs.write(at "old", "old"))
local function descriptors() return #fs.readdir("/proc/self/fd") end
local function any() return true end
local before = descriptors()

for round = 0, 6 do
  local tasks = {
    task.spawn(fs.copy_tree, at "from", at("tree" .. round)),
    task.spawn(fs.copy, at "from/1", at "old"),
    task.spawn(fs.copy_tree, at "from", at("other" .. round), { filter = any }),
  }
  for _ = 1, round * 3 do task.yield() end
  if round > 3 then fs.stat(at "from") end
  for _, t in ipairs(tasks) do t:cancel() end
  for _, t in ipairs(tasks) do
    local got, _, code = t:wait()
    assert(got or code == "ECANCELED")
  end
end
collectgarbage()

-- What a thread was doing ends soon after; each look is a request behind it.
local function settled()
  for _, root in ipairs(fs.readdir(dir.path)) do
    if root:find("^%.procrun") then return false end
    for _, name in ipairs(fs.is_dir(at(root)) and fs.readdir(at(root)) or {}) do
      if fs.stat(at(root .. "/" .. name)).size ~= #text then return false end
    end
  end
  return descriptors() <= before
end
local tries = 0
while not settled() do
  tries = tries + 1
  assert(tries < 10000, "half a file, a temporary file or a descriptor is left")
end
local got = fs.read(at "old")
assert(got == "old" or got == text)
