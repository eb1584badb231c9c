-- Who asks for what Node or the shell call it is told what it is called here; else it is nil.
local check = require "tests.lib.check"
local fs = require "procrun.fs"

for theirs, ours in pairs {
  readFile = "read", writeFileSync = "write", copyFile = "copy", statSync = "stat",
  rmdir = "remove", unlink = "remove", mkdtemp = "temp_dir", utimes = "utime", isDir = "is_dir",
  statfs = "disk_space", createWriteStream = "open", rm = "remove_tree",
  tempDir = "temp_dir", mkdirP = "mkdir_p",
} do
  check.raises(("fs.%s: it is called '%s' here"):format(theirs, ours), function()
    return fs[theirs]
  end)
end
assert(fs.nothing == nil and fs.noSuchThing == nil and fs[1] == nil and fs.Sync == nil)
