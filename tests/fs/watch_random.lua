-- watch: who follows the changes of a busy tree ends with what is there, contents included.
-- timeout: 120
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"

local seed = 20240607
local function chance(n)
  seed = (seed * 1103515245 + 12345) % 0x80000000
  return seed // 0x10000 % n + 1
end

local dir <close> = assert(fs.temp_dir())
local root = dir.path .. "/root"
assert(fs.mkdir(root))
local w <close> = assert(fs.watch(root, { debounce = 0.001 }))

-- Few names, three levels: they meet again and again, as files and as directories.
local function any_path()
  local path = root
  for _ = 1, chance(3) do path = path .. "/" .. ("abcd"):sub(chance(4)):sub(1, 1) end
  return path
end

local count = 0
local function write(path)
  count = count + 1
  return fs.write(path, ("%08d"):format(count), { atomic = chance(2) == 1 })
end
local acts = {
  write, write, write, fs.mkdir_p, fs.mkdir_p, fs.remove, fs.remove_tree,
  function(path) return fs.rename(path, any_path()) end,
  function(path) return fs.rename(path, dir.path .. "/away") end,
  function(path)
    if not fs.exists(path) then fs.rename(dir.path .. "/away", path) end
    return fs.remove_tree(dir.path .. "/away")
  end,
}

-- What is known by the changes alone.
local known = { [root] = "directory" }
local function follow(changes)
  for _, c in ipairs(changes) do
    if c.what == "removed" then
      assert(known[c.path], "removed, but not known: " .. c.path)
      known[c.path] = nil
    else
      check.eq(known[c.path] ~= nil, c.what == "changed", c.what .. " " .. c.path)
      known[c.path] = c.type == "file" and (fs.read(c.path) or "gone") or c.type
    end
  end
end

assert(task.timeout("90s", function()
  for i = 1, 1500 do
    acts[chance(#acts)](any_path())
    if chance(5) == 1 then
      local changes = w:next(chance(2) == 1 and 0 or 0.003)
      if changes then follow(changes) end
    end
    local aside = dir.path .. "/x"
    if i == 700 then assert(fs.rename(root, aside) and fs.rename(aside, root)) end
    if i == 900 then assert(fs.remove_tree(root) and fs.mkdir(root)) end
  end
  assert(fs.write(root .. "/last", "last"))
  while known[root .. "/last"] ~= "last" do follow(assert(w:next())) end
  return true
end))

local there = { [root] = "directory" }
for path, kind in fs.walk(root) do
  there[path] = kind == "file" and assert(fs.read(path)) or kind
end
for path, what in pairs(there) do check.eq(known[path], what, path) end
for path in pairs(known) do assert(there[path], "is not there: " .. path) end
