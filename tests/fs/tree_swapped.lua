-- chmod_tree, copy_tree: a link that takes the place of a directory on the way leads nowhere.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end

for _, top in ipairs { "tree/a", "out" } do
  assert(fs.mkdir_p(at(top .. "/b/c")))
  assert(fs.write(at(top .. "/b/c/file"), top, { mode = "600" }))
end
local function swap()
  assert(fs.rename(at "tree/a", at "aside") and fs.symlink("../out", at "tree/a"))
end
local function swap_back()
  assert(fs.remove(at "tree/a") and fs.rename(at "aside", at "tree/a"))
end

local swapped = false
local ok, message, code = fs.copy_tree(at "tree", at "copy", { filter = function(path)
  if path == at "tree/a/b/c" and not swapped then
    swap()
    swapped = true
  end
  return true
end })
assert(ok == nil and code == "EBUSY", code)
assert(message == ("%s -> %s: another directory has taken its place"):format(at "tree/a/b",
  at "copy/a/b"), message)
assert(not fs.exists(at "copy/a/b/c/file"))
swap_back()

-- Whenever it happens.
local done = false
local swapper = task.spawn(function()
  while not done do
    swap()
    task.sleep(0)
    swap_back()
    task.sleep(0)
  end
end)
for i = 1, 300 do
  fs.chmod_tree(at "tree", i % 2 == 0 and "a+rX" or "go-rwx")
  assert(fs.stat(at "out/b/c/file").mode == tonumber("600", 8), "it was led astray")
end
done = true
swapper:wait()
