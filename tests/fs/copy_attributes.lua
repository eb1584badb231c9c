-- preserve keeps extended attributes and access lists; without it a copy has none.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
if not proc.which("python3") then
  print("skipped: python3 is not installed")
  return
end
assert(fs.mkdir(at "d") and fs.write(at "d/file", "x"))
local set = proc.run("python3", { "-c", [[
import os, sys
for name in sys.argv[1:]: os.setxattr(name, "user.colour", b"green\0blue")]], at "d", at "d/file" })
if not set.ok then
  print("skipped: no extended attributes here: " .. set.stderr)
  return
end
local function colour(name)
  local script = "import os, sys; print(os.getxattr(sys.argv[1], 'user.colour'))"
  return proc.run("python3", { "-c", script, at(name) }):text()
end
assert(fs.copy(at "d/file", at "with", { preserve = true }) and fs.copy(at "d/file", at "without"))
assert(colour "with" == [[b'green\x00blue']] and colour "without" == "")
assert(fs.copy_tree(at "d", at "tree", { preserve = true }))
assert(colour "tree" == [[b'green\x00blue']] and colour "tree/file" == [[b'green\x00blue']])
assert(fs.copy_tree(at "d", at "plain") and colour "plain/file" == "")
