-- walk: ignore, only, follow; many entries come in several batches; a cancelled reader.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
for _, name in ipairs { "a/x.c", "a/x.o", "a/build/y.c", "build/z.c", "b/deep/build/w.c",
  "b/.h/v.c" } do
  assert(fs.mkdir_p(at(name):match "^(.*)/") and fs.write(at(name), ""))
end
assert(fs.symlink("a", at "la") and fs.symlink("..", at "b/up") and fs.symlink("none",
  at "b/broken"))
assert(fs.symlink("a/x.c", at "lx"))

local function collect(options)
  local list = {}
  for path, kind, message, code in fs.walk(dir.path, options) do
    check.eq(message and message:sub(1, #path), message and path)
    list[#list + 1] = path:sub(#dir.path + 2) .. ":" .. kind:sub(1, 1) .. (code or "")
  end
  return table.concat(list, " ")
end

check.eq(collect { ignore = { "build", "*.o", "/b" } }, "a:d a/x.c:f la:l lx:l")
check.eq(collect { ignore = { "a/build", ".h/", "b/deep/build/*", "lx/" } },
  "a:d a/x.c:f a/x.o:f b:d b/broken:l b/deep:d b/deep/build:d b/up:l build:d build/z.c:f la:l lx:l")
check.eq(collect { only = "file", depth = 2 }, "a/x.c:f a/x.o:f build/z.c:f")
check.eq(collect { only = "link" }, "b/broken:l b/up:l la:l lx:l")
check.eq(collect { only = "directory", prune = function(path) return path:find "/b$" end },
  "a:d a/build:d build:d")
local asked = {}
collect { only = "file", prune = function(path) asked[path] = (asked[path] or 0) + 1 end }
for path, times in pairs(asked) do check.eq(times, 1, path) end
assert(asked[at "b/deep/build"] and asked[at "a/x.c"])
check.eq(collect { follow = true, ignore = { "build", ".h" } },
  "a:d a/x.c:f a/x.o:f b:d b/broken:l "
  .. "b/deep:d b/up:dELOOP la:d la/x.c:f la/x.o:f lx:f")

-- A stat in place of the type, that of the target with follow; prune is told the type as ever.
assert(fs.write(at "a/x.c", "12345"))
local sizes = {}
for path, st in fs.walk(dir.path, { stat = true, follow = true, prune = function(path, kind)
  check.eq(type(kind), "string")
  return path:find "/b$"
end }) do
  sizes[path] = st.type .. (st.type == "file" and st.size or "")
  check.eq(st.ino, fs.stat(path).ino)
end
check.eq(sizes[at "a/x.c"], "file5")
check.eq(sizes[at "lx"], "file5")
check.eq(sizes[at "la"], "directory")
for path, st in fs.walk(at "a", { stat = true, depth = 1 }) do check.eq(st.mtime,
  fs.lstat(path).mtime) end

-- More than one request brings, empty directories among them.
for i = 1, 40 do
  assert(fs.mkdir_p(at(("many/%02d/empty"):format(i))))
  for j = 1, 60 do assert(fs.symlink("x", at(("many/%02d/%02d"):format(i, j)))) end
end
local count, last = 0, ""
for path in fs.walk(at "many") do
  count = count + 1
  assert(path > last, path)
  last = path
end
check.eq(count, 40 * 62)
check.eq(#fs.glob("many/*/[0-9]*", { cwd = dir.path }), 40 * 60)

-- A walk whose reader was cancelled in the middle of a request says so; a glob just ends.
local step
check.values(table.pack(task.timeout(0, function()
  step = fs.walk(at "many")
  while step() do end
  return "all"
end)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(task.timeout(0, fs.glob, at "**")), nil, "timeout", "ETIMEDOUT")
