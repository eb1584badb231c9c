-- Without descriptors: errors that say so, and it works again when there are some. Objects that
-- were dropped are closed by the collector.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local script = check.write(check.tmp("files.lua"), [[
local sync, task = require "procrun.sync", require "procrun.task"
for i = 1, 200 do
  local event = assert(sync.event("e" .. i % 7))
  event:set():clear()
  if i % 20 == 0 then event = nil collectgarbage() collectgarbage() end
end

local m, other = assert(sync.mutex("m")), assert(sync.mutex("m"))
print("ready")
io.read("l")
local files = {}
while true do
  local file = io.open("/dev/null")
  if not file then break end
  files[#files + 1] = file
end
print(select(3, m:lock(10)), select(3, m:try_lock()), select(3, sync.mutex("n")))
for _, file in ipairs(files) do file:close() end
local guard <close> = m:lock("20s")
print(guard ~= nil)
]])
local sync = require "procrun.sync"
local mutex = assert(sync.mutex("m"))
local guard = assert(mutex:lock())
local child = assert(proc.spawn("sh", { "-c", 'ulimit -n 64; exec "$0" "$1"', process.exec_path,
  script }, { stderr = "inherit" }))
check.eq(child.stdout:read("l"), "ready")
child.stdin:write("\n")
check.eq(child.stdout:read("l"), "EMFILE\tEMFILE\tEMFILE")
guard:unlock()
check.eq(child.stdout:read("l"), "true")
check.eq(child:wait().code, 0)
