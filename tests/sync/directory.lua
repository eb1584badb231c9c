-- Only a directory that is ours alone is used; what else stands in its place is an error that says
-- what to do. So is a damaged file, or a directory that was emptied while it was in use.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local function try(path)
  local script = check.write(check.tmp("try.lua"), [[
    local m, message, code = require("procrun.sync").mutex("m")
    print(m and "fine" or message, code)
  ]])
  local options = { extend_env = { PROCRUN_SYNC_DIR = path } }
  local result = proc.run(process.exec_path, { script }, options)
  return result.stdout .. result.stderr
end

local dir = check.tmp("d")
check.eq(try(dir), "fine\tnil\n")
check.eq(assert(fs.stat(dir)).mode & 511, 448) -- 0700
assert(fs.chmod(dir, 493)) -- 0755
check.has(try(dir), "d is open to others, or closed to you; chmod 700 it\tEACCES")
assert(fs.chmod(dir, 448))
assert(fs.symlink(dir, check.tmp("link")))
check.has(try(check.tmp("link")), "is a symbolic link, not followed; remove it\tELOOP")
check.has(try(check.write(check.tmp("file"), "")), "is no directory; remove it\tENOTDIR")
local missing = "/d (PROCRUN_SYNC_DIR can name another directory): no such file or directory"
check.has(try(check.tmp("missing/d")), missing .. "\tENOENT")
check.has(try("/" .. ("x/"):rep(2100)), "PROCRUN_SYNC_DIR is too long")

if io.popen("id -u"):read("n") == 0 then
  assert(os.execute("chown 65534 " .. dir))
  local text = "d belongs to user 65534, and this is user 0; " ..
    "PROCRUN_SYNC_DIR can name another directory\t"
  check.has(try(dir), text .. "EACCES")
  assert(os.execute("chown 0 " .. dir))
end

check.write(dir .. "/mutex.m", "something else")
check.has(try(dir), "mutex.m is damaged or of another version; remove it\tEBADMSG")
assert(fs.remove(dir .. "/mutex.m"))
assert(fs.symlink("/etc/passwd", dir .. "/mutex.m"))
check.has(try(dir), "/mutex.m: too many levels of symbolic links\tELOOP")
assert(fs.remove(dir .. "/mutex.m"))

process.env.PROCRUN_SYNC_DIR = dir
local sync = require "procrun.sync"
local mutex = assert(sync.mutex("m"))
for _, name in ipairs(fs.readdir(dir)) do assert(fs.remove(dir .. "/" .. name)) end
local other, message, code = sync.mutex("n")
check.eq(other, nil)
check.has(message, "was emptied or removed while it was in use; start again")
check.eq(code, "ESTALE")
mutex:close()
