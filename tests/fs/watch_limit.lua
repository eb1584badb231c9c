-- watch: a limit of the system is told with the name of its setting, at the start and later.
-- timeout: 120
-- build: no-sanitize
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

if not proc.which "strace" then
  print "skip: there is no strace"
  os.exit(0)
end

local dir <close> = assert(fs.temp_dir())
assert(fs.mkdir_p(dir.path .. "/a/b"))
local script = check.write(check.tmp "limit.lua", [[
local fs = require "procrun.fs"
local dir, later = arg[1], arg[2] == "later"
local w, message, code = fs.watch(dir, {debounce = "10ms"})
if not later then
  print(code, message)
  return
end
assert(w, message)
assert(fs.mkdir(dir .. "/c"))
print(#assert(w:next "20s"))
print(select(3, w:next "20s"), (select(2, w:next(0))))
w:on("error", function(err) print(err.code, err) w:close() end)
w:on("change", function() end)
assert(fs.mkdir(dir .. "/d"))
]])

local function run(error, call, when, ...)
  local inject = ("inject=%s:error=%s:when=%s"):format(call, error, when)
  local r = proc.run("strace", { "-f", "-qq", "-e", "trace=" .. call, "-e", inject, "-o",
    check.tmp "strace", process.exec_path, script, dir.path, ... },
    { timeout = "60s", extend_env = { UV_THREADPOOL_SIZE = "1" } })
  return r:check().stdout
end

-- The counts are those of a thread: the only one of the pool, or the main thread, which watches
-- what holds the directory.
local out = run("ENOSPC", "inotify_add_watch", "2+")
check.has(out, "ENOSPC\t" .. dir.path .. "/a: too many directories are watched: raise "
  .. "fs.inotify.max_user_watches (sysctl; now ")
out = run("ENOSPC", "inotify_add_watch", "1+")
check.has(out, "ENOSPC\t" .. dir.path:match "^(.*)/" .. ": too many directories")
out = run("EMFILE", "inotify_init1", "1+")
check.has(out, "EMFILE\twatch: too many watchers, or descriptors: see ")
check.has(out, "fs.inotify.max_user_instances")

-- The directories above the new ones go on being watched.
out = run("ENOSPC", "inotify_add_watch", "4+", "later")
check.eq(out:match "^[^\n]*", "1")
check.has(out, "ENOSPC\ttimeout")
check.has(out, "ENOSPC\t" .. dir.path .. "/d: too many directories are watched")
