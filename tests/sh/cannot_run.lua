-- Why a program cannot be run is looked up without opening it: what has its name may be anything.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sh = require "procrun.sh"

local dir <close> = sh.tmpdir()
local _ <close> = sh.cd(dir.path)

local function why(command)
  local ok, e = pcall(sh.run, { command })
  assert(not ok)
  return e.message
end

sh.run "mkfifo queue"
fs.mkdir "folder"
fs.write("text", "#!/bin/sh\n")
check.has(why "queue", "here is a file of that name: ./queue") -- nobody writes to it: no wait
check.has(why "./queue", "chmod +x")
check.eq(why "./folder", "cannot run ./folder: it is a directory")
check.has(why "./text", "permission denied (chmod +x makes a file a program)")
check.has(why "./none", "no such file")
