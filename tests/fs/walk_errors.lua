-- walk tells of a directory that cannot be read, and goes on.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
for _, name in ipairs { "a", "b", "c" } do assert(fs.mkdir_p(dir.path .. "/" .. name .. "/in")) end

-- b goes between its listing and its turn.
local function prune(path)
  if path == dir.path .. "/b" then assert(fs.remove_tree(path)) end
end
local seen = {}
for path, kind, message, code in fs.walk(dir.path, { prune = prune }) do
  local name = path:sub(#dir.path + 2)
  seen[#seen + 1] = name
  assert(kind == "directory")
  if name == "b" then
    assert(code == "ENOENT" and message == path .. ": no such file or directory")
  else
    assert(message == nil and code == nil)
  end
end
assert(table.concat(seen, " ") == "a a/in b c c/in")

-- What was a directory when it was listed and is a link now is not followed.
local function exchange(path)
  if path == dir.path .. "/c" then
    assert(fs.remove_tree(path) and fs.symlink("a", path))
  end
end
local codes = {}
for path, _, _, code in fs.walk(dir.path, { prune = exchange }) do
  codes[path:sub(#dir.path + 2)] = code or "-"
end
assert(codes["a/in"] == "-" and codes["c"] == "ENOTDIR" and not codes["c/in"], codes["c"])
