-- A full disk: write, copy and copy_tree fail, the old contents stay whole, and nothing is left.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/big", ("x"):rep(3 << 20)) and fs.mkdir(dir.path .. "/small"))

local script = check.write(check.tmp("full.lua"), [[
local fs = require "fs"
local dir, big = arg[1] .. "/small", arg[1] .. "/big"
local file = dir .. "/file"
local function full(ok, message, code)
  assert(ok == nil and code == "ENOSPC" and message:find("no space left on device"), message)
end
assert(fs.write(file, "old"))
full(fs.write(file, ("x"):rep(3 << 20)))
full(fs.write(file, function() return ("x"):rep(100000) end))
full(fs.copy(big, file))
full(fs.copy(big, dir .. "/other"))
full(fs.copy_tree(big, dir .. "/other"))
local f = fs.open(dir .. "/stream", "w")
local ok, message, code
repeat ok, message, code = f:write(("x"):rep(100000)) until not ok
full(ok, message, code)
f:close()
assert(fs.remove(dir .. "/stream"))
assert(fs.read(file) == "old")
local names = fs.readdir(dir)
assert(#names == 1, table.concat(names, " "))
local space = fs.disk_space(dir)
assert(space.total == 1 << 20 and space.used < 100000)
]])
local result = proc.run("unshare", { "-m", "sh", "-c",
  "mount -t tmpfs -o size=1m tmpfs \"$1/small\" || exit 77; exec \"$2\" \"$3\" \"$1\"", "sh",
  dir.path, os.getenv("PROCRUN"), script })
if result.errno or result.code == 77 or result.stderr:find("^unshare:") then
  print("skipped: no file system may be mounted here: " .. (result.error or result.stderr))
  return
end
assert(result.ok, result.stderr)
