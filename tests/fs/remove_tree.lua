-- remove_tree removes what is below a directory and never what a link leads to.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end

assert(fs.mkdir_p(at "outside/kept") and fs.write(at "outside/file", "kept"))
assert(fs.mkdir_p(at "tree/a/b"))
assert(fs.write(at "tree/a/b/file", "") and fs.write(at "tree/f", ""))
assert(fs.symlink("../outside", at "tree/link") and fs.symlink("../../outside", at "tree/a/link"))
assert(fs.symlink("nothing", at "tree/dangling"))
assert(os.execute("mkfifo '" .. at "tree/fifo" .. "'"))
assert(select("#", fs.remove_tree(at "tree")) == 1 and not fs.exists(at "tree"))
assert(not fs.exists(at "tree"))
assert(fs.read(at "outside/file") == "kept" and fs.is_dir(at "outside/kept"))

-- A link goes itself, with and without a slash behind it; so does a file.
for _, slash in ipairs { "", "/", "//" } do
  assert(fs.symlink("outside", at "link") and fs.remove_tree(at("link" .. slash)))
  assert(not fs.lstat(at "link") and fs.read(at "outside/file") == "kept")
end
assert(fs.write(at "f", "") and fs.remove_tree(at "f") and not fs.exists(at "f"))

local ok, message, code = fs.remove_tree(at "none")
assert(ok == nil and code == "ENOENT" and message == at "none" .. ": no such file or directory")

-- Deeper than there are descriptors, longer than a path can be; built from the inside.
local deep, outer, name = at "deep", at "outer", ("n"):rep(100)
assert(fs.mkdir(deep))
for _ = 1, 1500 do
  assert(fs.mkdir(outer) and fs.rename(deep, outer .. "/" .. name) and fs.rename(outer, deep))
end
assert(fs.remove_tree(deep) == true and not fs.exists(deep))

-- A wide one.
assert(fs.mkdir(at "wide"))
for i = 1, 300 do assert(fs.mkdir_p(at("wide/" .. i .. "/x"))) end
assert(fs.remove_tree(at "wide") and not fs.exists(at "wide"))

-- Directories beside each other at each level.
for i = 1, 200 do
  assert(fs.mkdir_p(at("many/" .. i % 5 .. "/" .. i % 20 .. "/" .. i)))
end
assert(fs.remove_tree(at "many") and not fs.exists(at "many"))

-- What comes while a directory is emptied, from an operation that was cancelled, goes, too.
for i = 1, 50 do
  assert(fs.mkdir_p(at("from/" .. i)) and fs.write(at("from/" .. i .. "/f"), "x"))
end
for _ = 1, 20 do
  task.timeout(0.001, fs.copy_tree, at "from", at "to")
  ok, message, code = fs.remove_tree(at "to")
  assert(ok or code == "ENOENT", message)
end
