-- A walk, a watcher, a temporary directory: they stay where they were made, wherever the task is
-- that uses them later; a request that is under way when the first scope is opened, too.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
fs.mkdir_p(root .. "/a")
fs.mkdir_p(root .. "/b")
for i = 1, 1200 do
  fs.mkdir(("%s/a/d%04d"):format(root, i))
  fs.write(("%s/a/d%04d/x"):format(root, i), "")
end

-- Made before any scope there is; and while it is read, requests without one.
assert(process.chdir(root .. "/a"))
local older = fs.walk "."
check.eq(older(), "./d0001")
local reads = {}
for i = 1, 200 do
  reads[i] = task.spawn(function() return fs.exists(("d%04d/x"):format(i)) end)
end
task.sleep(0) -- they are in the pool now

local function count(iterator, n)
  for _ in iterator do n = n + 1 end
  return n
end

do
  local _ <close> = assert(proc.scope { cwd = "../b" })
  for i = 1, 200 do check.eq(reads[i]:wait(), true) end
  check.eq(count(older, 1), 2400)
  check.eq(fs.exists "d0001", false)
end

local scope = assert(proc.scope { cwd = root .. "/a" })
local walk, names = fs.walk ".", fs.iglob "d*/x"
check.eq(walk(), "./d0001")
check.eq(names(), "d0001/x")
local watcher <close> = assert(fs.watch(".", { debounce = "1ms" }))
local temp = assert(fs.temp_dir { dir = "." })
local file = assert(fs.temp_file { dir = "d0001" })
scope:close()
assert(process.chdir "/")
scope = assert(proc.scope { cwd = root .. "/b" })
check.eq(count(walk, 1) >= 2400, true)
check.eq(count(names, 1), 1200)
fs.write(root .. "/a/new", "")
local changed = {}
while not changed["./new"] do
  for _, change in ipairs(assert(watcher:next(10))) do changed[change.path] = change.what end
end
check.eq(changed["./new"], "created")
fs.write("unseen", "")
fs.mkdir(root .. "/a/sub")
while not changed["./sub"] do
  for _, change in ipairs(assert(watcher:next(10))) do changed[change.path] = change.what end
end
check.eq(changed["./unseen"], nil)
temp:remove()
file:remove()
check.eq(fs.exists(temp.path), false)
check.eq(fs.exists(file.path), false)

-- Listeners of a watcher are where they were added.
local cwd
watcher:on("change", function() cwd = process.cwd() end)
scope:close()
fs.write(root .. "/a/once more", "")
while not cwd do task.sleep "1ms" end
check.eq(cwd, root .. "/b")
