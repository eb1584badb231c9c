-- watch: what happened to each path in a burst, new directories included.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.mkdir_p(at "src/old/deep") and fs.mkdir(at "node_modules") and fs.mkdir(at "other"))
assert(fs.write(at "src/a", "1") and fs.write(at "src/old/deep/f", "1") and fs.write(at "gone",
  "1"))

local w <close> = assert(fs.watch(dir.path, { debounce = "20ms", ignore = "node_modules" }))

-- The changes up to one of `last` (part of the text), as "what:type path" sorted, relative.
local function changes(last)
  local seen = {}
  local ok = task.timeout("20s", function()
    while not seen[last] do
      for _, c in ipairs(assert(w:next())) do
        local name = c.path == dir.path and "." or c.path:sub(#dir.path + 2)
        seen[("%s %s %s"):format(c.what, c.type, name)] = true
      end
    end
    return true
  end)
  local list = {}
  for each in pairs(seen) do list[#list + 1] = each end
  table.sort(list)
  local text = table.concat(list, "\n")
  return assert(ok and text or nil, last .. " missing in:\n" .. text)
end

check.values(table.pack(w:next(0)), nil, "timeout", "ETIMEDOUT")
assert(fs.write(at "src/a", "22", { atomic = false }) and fs.write(at "src/b", "1"))
assert(fs.remove(at "gone") and fs.mkdir(at "new") and fs.write(at "new/inside", "x"))
assert(fs.write(at "passing", "1") and fs.remove(at "passing"))
assert(fs.write(at "node_modules/x", "ignored") and fs.write(at "z", "last"))
local got = changes "created file z"
check.eq(got, [[
changed file src/a
created directory new
created file new/inside
created file src/b
created file z
removed file gone]])

-- Saved by a rename, as editors do (and fs.write): the file has changed, nothing else.
assert(fs.write(at "src/a", "333"))
check.eq(changes "changed file src/a", "changed file src/a")

-- A renamed directory is watched where it is now; what is left of the old name is nothing.
assert(fs.rename(at "src/old", at "src/renamed"))
check.eq(changes "created directory src/renamed", [[
created directory src/renamed
created directory src/renamed/deep
created file src/renamed/deep/f
removed directory src/old
removed directory src/old/deep
removed file src/old/deep/f]])
assert(fs.write(at "src/renamed/deep/f", "4") and fs.mkdir(at "src/old"))
check.eq(changes "changed file src/renamed/deep/f",
  "changed file src/renamed/deep/f\ncreated directory src/old")

-- A directory that was removed and made again is watched again; so is what moves in from elsewhere.
assert(fs.remove_tree(at "new") and fs.mkdir(at "new") and fs.write(at "new/other", "1"))
got = changes "created file new/other"
check.has(got, "removed file new/inside")
check.lacks(got, "removed directory new\n")
assert(fs.write(at "new/again", "1"))
check.eq(changes "created file new/again", "created file new/again")
local outside <close> = assert(fs.temp_dir())
assert(fs.mkdir_p(outside.path .. "/moved/x") and fs.write(outside.path .. "/moved/x/y", ""))
assert(fs.rename(outside.path .. "/moved", at "moved"))
check.eq(changes "created file moved/x/y",
  "created directory moved\ncreated directory moved/x\ncreated file moved/x/y")
assert(fs.rename(at "moved", outside.path .. "/moved"))
check.eq(changes "removed file moved/x/y",
  "removed directory moved\nremoved directory moved/x\nremoved file moved/x/y")

-- Many directories made while nobody reads: every file in them is told of.
for i = 1, 50 do
  assert(fs.mkdir_p(at(("many/%d/sub"):format(i))))
  assert(fs.write(at(("many/%d/sub/file"):format(i)), "x"))
end
assert(fs.write(at "zz", ""))
local _, count = changes("created file zz"):gsub("created file many/%d+/sub/file", "")
check.eq(count, 50)

-- The watched directory goes, and comes back.
assert(fs.remove_tree(dir.path))
check.has(changes "removed directory .", "removed file src/b")
assert(fs.mkdir_p(dir.path) and fs.write(at "back", ""))
check.eq(changes "created file back", "created directory .\ncreated file back")

w:close()
local none, message, code = w:next()
assert(none == nil and code == "ECANCELED" and message:find "the watcher was closed", message)
for _ in w:changes() do error "it is closed" end
