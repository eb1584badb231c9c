-- Without a free descriptor glob fails: an empty list would be a wrong one.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/a", ""))
local script = check.write(check.tmp("glob.lua"), [[
local fs = require "fs"
assert(#fs.glob(arg[1] .. "/*") == 1)
local files, code = {}, nil
repeat
  files[#files + 1], _, code = fs.open(arg[1] .. "/a")
until code
assert(code == "EMFILE")
local list, message
list, message, code = fs.glob(arg[1] .. "/*")
assert(list == nil and code == "EMFILE" and message:find("too many open files"), message)
list, message, code = fs.glob("*", { cwd = arg[1] })
assert(list == nil and code == "EMFILE")
local fine
fine, message = pcall(function() for _ in fs.iglob(arg[1] .. "/**") do end end)
assert(not fine and message:find("too many open files"), message)
for _, file in ipairs(files) do file:close() end
assert(#fs.glob(arg[1] .. "/*") == 1)
]])
local result = proc.run("sh", { "-c", "ulimit -n 60; exec \"$@\"", "sh", os.getenv("PROCRUN"),
  script, dir.path })
assert(result.ok, result.stderr)
