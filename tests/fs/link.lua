-- link, symlink and rename: over what is there, and never over it.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.write(at "a", "A") and fs.write(at "b", "B"))

assert(fs.link(at "a", at "c") == true)
assert(fs.stat(at "a").nlink == 2 and fs.same_file(at "a", at "c") == true)
assert(fs.same_file(at "a", at "b") == false)
local ok, message, code = fs.link(at "a", at "b")
assert(ok == nil and code == "EEXIST")
assert(message == at "a" .. " -> " .. at "b" .. ": file exists", message)
assert(fs.link(at "a", at "b", { overwrite = true }) == true and fs.read(at "b") == "A")
assert(fs.link(at "a", at "b", { overwrite = true }) == true, "to itself")
assert(fs.stat(at "a").nlink == 3)
assert(select(3, fs.link(at "none", at "d")) == "ENOENT" and not fs.exists(at "d"))

assert(fs.symlink("a", at "s") and fs.is_link(at "s") == true and fs.is_link(at "a") == false)
assert(fs.is_link(at "none") == false and fs.same_file(at "s", at "c") == true)
assert(select(3, fs.symlink("b", at "s")) == "EEXIST")
assert(fs.symlink("b", at "s", { overwrite = true }) == true and fs.readlink(at "s") == "b")
assert(fs.mkdir(at "dir"))
assert(select(3, fs.symlink("b", at "dir", { overwrite = true })) == "EISDIR")

assert(fs.write(at "x", "X"))
ok, message, code = fs.rename(at "x", at "a", { overwrite = false })
assert(ok == nil and code == "EEXIST" and message:find("file exists", 1, true))
assert(fs.read(at "a") == "A" and fs.read(at "x") == "X")
assert(fs.rename(at "x", at "y", { overwrite = false }) == true and fs.read(at "y") == "X")
assert(fs.rename(at "y", at "a") == true and fs.read(at "a") == "X" and fs.read(at "c") == "A")
assert(fs.rename(at "dir", at "dir2", { overwrite = false }) and fs.is_dir(at "dir2"))
assert(select(3, fs.same_file(at "a", at "none")) == "ENOENT")

for _, name in ipairs(fs.readdir(dir.path)) do
  assert(not name:find("^%.procrun"), "a temporary name is left")
end
for _, call in ipairs { "link", "symlink", "rename" } do
  local fine, err = pcall(fs[call], at "a", at "q", { force = true })
  assert(not fine and err:find(call .. "' (unknown option 'force'; known: overwrite", 1, true), err)
  fine, err = pcall(fs[call], at "a", at "q", { overwrite = 1 })
  assert(not fine and err:find("option 'overwrite': boolean expected", 1, true), err)
end
