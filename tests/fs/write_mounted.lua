-- A file on which another is mounted, as containers have /etc/hosts, is written in place.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/there", "there") and fs.write(dir.path .. "/file", ""))
assert(fs.write(dir.path .. "/source", ("s"):rep(300000)))

local script = check.write(check.tmp("mounted.lua"), [[
local fs = require "fs"
local file = arg[1] .. "/file"
assert(fs.write(file, "whole") and fs.read(file) == "whole")
assert(fs.write(file, "w", {mode = "600", sync = true}) and fs.stat(file).mode == 384)
local n = 0
assert(fs.write(file, function() n = n + 1 return n < 3 and "piece" or nil end))
assert(fs.read(file) == "piecepiece")
assert(fs.copy(arg[1] .. "/source", file) and #fs.read(file) == 300000)
local ok, _, code = fs.rename(arg[1] .. "/source", file)
assert(not ok and code == "EBUSY")
local names = fs.readdir(arg[1])
assert(#names == 3, table.concat(names, " "))
]])
local result = proc.run("unshare", { "-m", "sh", "-c",
  "mount --bind \"$1/there\" \"$1/file\" || exit 77; exec \"$2\" \"$3\" \"$1\"", "sh",
  dir.path, os.getenv("PROCRUN"), script })
if result.errno or result.code == 77 or result.stderr:find("^unshare:") then
  print("skipped: nothing may be mounted here: " .. (result.error or result.stderr))
  return
end
assert(result.ok, result.stderr)
check.eq(#fs.read(dir.path .. "/there"), 300000)
check.eq(fs.read(dir.path .. "/file"), "")
