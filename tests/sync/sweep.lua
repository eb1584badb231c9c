-- What killed processes leave, and files of names that nobody uses any more, are swept by whoever
-- comes later; what is in use, and an event that is set, stays.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local mutex = assert(sync.mutex("used"))
for i = 1, 3 do
  local child = worker.fork [[
  local sync = require "procrun.sync"
  assert(sync.mutex("gone"):lock())
  assert(sync.semaphore("gone", 2):acquire())
  assert(sync.event("gone"))
  assert(sync.event("set"):set())
  os.execute("kill -KILL " .. process.pid)
  ]]
  child:wait()
  assert(i)
end
check.write(dir.path .. "/event.log", "") -- not one of ours, whatever its name
assert(fs.remove(dir.path .. "/swept"))
local run = check.run [[
assert(require("procrun.sync").mutex("other"))
]]
check.eq(run.err, "")
local left = {}
for _, name in ipairs(dir.entries()) do left[#left + 1] = name:gsub("^([pw])%.%x+$", "%1") end
-- A mutex that was abandoned is kept for a day: the next holder is to be told.
check.eq(table.concat(left, " "), "event.log event.set mutex.gone mutex.used p w")
assert(mutex)
