-- luafilesystem: attributes, folders, locks of Lua's files, standard output among them.
local rock = require "tests.lib.rock"

rock.need("lua-filesystem", "lfs")
rock.same [[
local lfs = require "lfs"
local dir = os.getenv("TMPDIR") .. "/lfs"
print(lfs.mkdir(dir), lfs.attributes(dir, "mode"), lfs.mkdir(dir))
local f = assert(io.open(dir .. "/one", "w"))
f:write "1"
print(lfs.lock(f, "w"), lfs.unlock(f))
f:close()
print(lfs.attributes(dir .. "/one", "size"), lfs.symlinkattributes(dir .. "/one").mode)
local names = {}
for name in lfs.dir(dir) do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, " "))
print(lfs.touch(dir .. "/one", 1000, 2000), lfs.attributes(dir .. "/one", "modification"))
local before = lfs.currentdir()
print(lfs.chdir(dir), lfs.currentdir() == dir, lfs.chdir(before))
print(os.remove(dir .. "/one"), lfs.rmdir(dir), select("#", lfs.attributes(dir)))
print(lfs.lock(io.stdin, "r"), pcall(lfs.setmode, io.stdout, "binary"))]]
