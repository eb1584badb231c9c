-- walk: a directory before what is in it, names sorted, links never followed.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.mkdir_p(at "b/c/d") and fs.mkdir(at "empty") and fs.mkdir_p(at ".git/objects"))
for _, name in ipairs { "a", "b/one", "b/c/two", "b/c/d/three", "z", ".git/objects/x" } do
  assert(fs.write(at(name), name))
end
assert(fs.symlink("b", at "link") and fs.symlink(".", at "self"))

local function collect(...)
  local list = {}
  for path, kind, message in fs.walk(...) do
    assert(not message, message)
    list[#list + 1] = path:sub(#dir.path + 2) .. ":" .. kind:sub(1, 1)
  end
  return table.concat(list, " ")
end
local rest = "a:f b:d b/c:d b/c/d:d b/c/d/three:f b/c/two:f b/one:f empty:d link:l self:l z:f"
local got = collect(dir.path)
assert(got == ".git:d .git/objects:d .git/objects/x:f " .. rest, got)
got = collect(dir.path, { prune = function(path) return path:find("/%.git$") end })
assert(got == rest, got)
got = collect(dir.path, { prune = function(_, kind) return kind == "directory" end })
assert(got == "a:f link:l self:l z:f", got)
got = collect(dir.path, { depth = 2, prune = function(path) return path:find("/%.") end })
assert(got == "a:f b:d b/c:d b/one:f empty:d link:l self:l z:f", got)
assert(collect(at "empty") == "")
got = collect(at "link") -- the directory asked for may be a link
assert(got == "link/c:d link/c/d:d link/c/d/three:f link/c/two:f link/one:f", got)

local ok, message = pcall(fs.walk, at "none")
assert(not ok and message:find("none: no such file or directory", 1, true), message)
ok, message = pcall(fs.walk, dir.path, { breadth = true })
assert(not ok and message:find("unknown option 'breadth'", 1, true), message)
ok, message = pcall(fs.walk, dir.path, { depth = 0 })
assert(not ok and message:find("option 'depth': 1 or more expected, got 0", 1, true), message)
ok, message = pcall(fs.walk, dir.path, { only = "fifo" })
assert(not ok and message:find("option 'only'", 1, true), message)
