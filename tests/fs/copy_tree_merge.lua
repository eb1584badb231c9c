-- copy_tree over what is there: merged, skipped, refused; never through a link, never into itself.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local function fails(code, text, ok, message, its_code)
  assert(ok == nil and its_code == code and message:find(text, 1, true), message)
end
local function tree(root, files)
  for name, text in pairs(files) do
    assert(fs.mkdir_p((at(root .. "/" .. name):match("^(.*)/"))))
    assert(fs.write(at(root .. "/" .. name), text))
  end
end
tree("from", { ["a"] = "new", ["d/b"] = "new", ["d/c"] = "new" })
tree("to", { ["a"] = "old", ["d/b"] = "old", ["d/own"] = "own" })
assert(fs.chmod(at "to/d", "700"))

fails("EEXIST", at "to" .. ": file exists", fs.copy_tree(at "from", at "to", { overwrite = false }))
assert(fs.copy_tree(at "from", at "to", { overwrite = "skip" }) == true)
assert(fs.read(at "to/a") == "old" and fs.read(at "to/d/b") == "old")
assert(fs.read(at "to/d/c") == "new")
assert(fs.copy_tree(at "from/", at "to/") == true)
assert(fs.read(at "to/a") == "new" and fs.read(at "to/d/b") == "new")
assert(fs.read(at "to/d/own") == "own" and fs.stat(at "to/d").mode == 448, "it was there")
assert(fs.copy_tree(at "from", at "fresh", { overwrite = false }))
assert(fs.read(at "fresh/d/b") == "new")

-- A link in the target is replaced; what it leads to is not written.
assert(fs.write(at "outside", "mine"))
assert(fs.symlink("../outside", at "to/a", { overwrite = true }))
assert(fs.copy_tree(at "from", at "to"))
assert(fs.read(at "outside") == "mine" and fs.lstat(at "to/a").type == "file")
assert(fs.mkdir(at "elsewhere") and fs.remove_tree(at "to/d"))
assert(fs.symlink("../elsewhere", at "to/d"))
fails("ENOTDIR", at "to/d", fs.copy_tree(at "from", at "to"))
assert(#fs.readdir(at "elsewhere") == 0)
assert(fs.remove(at "to/d") and os.execute(("mkfifo '%s'"):format(at "to/d")))
fails("ENOTDIR", at "to/d", fs.copy_tree(at "from", at "to"))
assert(fs.remove(at "to/a") and fs.mkdir(at "to/a") and fs.remove(at "to/d"))
fails("EISDIR", at "from/a", fs.copy_tree(at "from", at "to"))
assert(fs.remove(at "to/a") and os.execute(("mkfifo '%s'"):format(at "to/a")))
assert(fs.copy_tree(at "from", at "to") and fs.read(at "to/a") == "new", "over a FIFO, without it")

-- Into itself.
for _, into in ipairs { "from/new", "from/d/new", "from/d", "from/./d/../x", "alias/new" } do
  if into == "alias/new" then assert(fs.symlink("from/d", at "alias")) end
  fails("EINVAL", "the copy would be inside of what is copied", fs.copy_tree(at "from", at(into)))
end
fails("EINVAL", "both are the same directory", fs.copy_tree(at "from", at "from/"))
assert(not fs.exists(at "from/new") and not fs.exists(at "from/d/new"))
assert(fs.copy_tree(at "from/d", at "from2") and fs.copy_tree(at "from", at "fromage"))

-- Links that lead in circles, when they are followed.
assert(fs.symlink("..", at "from/d/up"))
assert(fs.copy_tree(at "from", at "kept") and fs.readlink(at "kept/d/up") == "..")
fails("ELOOP", at "from/d/up", fs.copy_tree(at "from", at "never", { follow = true }))
assert(fs.remove(at "from/d/up") and fs.mkdir(at "sink") and fs.symlink("../sink", at "from/sink"))
fails("EINVAL", at "from/sink", fs.copy_tree(at "from", at "sink", { follow = true }))

-- The failure names the place.
fails("ENOENT", at "none", fs.copy_tree(at "none", at "x"))
fails("ENOENT", at "no/x", fs.copy_tree(at "from/d", at "no/x"))
fails("ENOTDIR", "cannot take the place", fs.copy_tree(at "from", at "outside"))
assert(fs.symlink("gone", at "from/d/dangling"))
fails("ENOENT", at "from/d/dangling", fs.copy_tree(at "from", at "f2", { follow = true }))
