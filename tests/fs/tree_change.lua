-- chmod_tree, chown_tree, tree_size: like chmod -R, chown -R and du; links are never followed.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local function mode(name) return ("%o"):format(fs.stat(at(name)).mode) end
assert(fs.mkdir_p(at "t/a/b") and fs.write(at "t/a/run", "", { mode = "755" }))
assert(fs.write(at "t/a/b/data", ("x"):rep(10000), { mode = "600" }) and fs.mkdir(at "out"))
assert(fs.write(at "out/file", "", { mode = "600" }) and fs.symlink("../../out", at "t/a/link"))
assert(fs.symlink("../../out/file", at "t/a/link2"))

assert(fs.chmod_tree(at "t", "a+rX") == true)
assert(mode "t/a/run" == "755" and mode "t/a/b/data" == "644" and mode "t/a/b" == "755")
assert(mode "out/file" == "600", "a link was followed")
-- It works from a tree that bars us to one that does not, and back.
assert(fs.chmod_tree(at "t", "a-rwx") == true and mode "t" == "0" and mode "t/a" == "0")
assert(fs.chmod_tree(at "t", "u+rwx") == true and mode "t/a/b/data" == "700")
assert(fs.chmod_tree(at "out/file", 420) == true and mode "out/file" == "644")
assert(fs.chmod_tree(at "t/a/b/data", "0644") and mode "t/a/b/data" == "644")

local me = fs.stat(at "t")
assert(fs.chown_tree(at "t", me.uid, me.gid) == true)
local ok, message, code = fs.chown_tree(at "t", nil, "no such group")
assert(ok == nil and code == "EINVAL" and message:find("'no such group'", 1, true))
if me.uid == 0 then
  assert(fs.chown_tree(at "t", "daemon", 1) and fs.stat(at "t/a/b/data").uid == 1)
  assert(fs.stat(at "t").gid == 1 and fs.lstat(at "t/a/link").uid == 1)
  assert(fs.stat(at "out").uid == 0 and fs.stat(at "out/file").uid == 0, "a link was followed")
end

assert(fs.link(at "t/a/b/data", at "t/again"))
local size = assert(fs.tree_size(at "t"))
assert(size.size == 10000 and size.files == 2 and size.directories == 3 and size.others == 2)
local pipe = assert(io.popen("du -sB1 '" .. at "t" .. "'"))
assert(size.disk == pipe:read("n"))
pipe:close()
size = fs.tree_size(at "out/file")
assert(size.files == 1 and size.directories == 0 and size.size == 0)
for _, name in ipairs { "chmod_tree", "chown_tree", "tree_size" } do
  ok, message, code = fs[name](at "none", name == "chmod_tree" and "u+x" or nil)
  assert(ok == nil and code == "ENOENT" and message == at "none" .. ": no such file or directory")
end
for _, bad in ipairs { "x", "9", 4096, -1, 1.5, {}, true } do
  local fine, err = pcall(fs.chmod_tree, at "t", bad)
  assert(not fine and err:find("bad argument #2 to 'chmod_tree'", 1, true), err)
end
local fine, err = pcall(fs.chown_tree, at "t", -1)
assert(not fine and err:find("bad argument #2 to 'chown_tree'", 1, true), err)

-- Where nothing can wait it blocks instead.
local done
table.sort({ 1, 2 }, function(a, b)
  done = done or fs.copy_tree(at "t", at "t2") and fs.chmod_tree(at "t2", "u+w")
    and fs.tree_size(at "t2")
  return a < b
end)
assert(done.size == 10000)
