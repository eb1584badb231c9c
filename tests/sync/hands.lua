-- Files that others have laid hands on: an error that says so, and no crash.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sync = require "procrun.sync"
local task = require "procrun.task"

local mutex, event = assert(sync.mutex("x")), assert(sync.event("x"))
local guard = assert(mutex:lock())
local waiting = task.spawn(function() return event:wait() end)
task.sleep(0.002)
check.write(dir.path .. "/mutex.x", "") -- cut off, in place
assert(fs.remove(dir.path .. "/event.x"))
task.sleep(0.002)
guard:unlock()
local message, code = select(2, mutex:lock())
check.has(message, "/mutex.x is damaged or of another version; remove it")
check.eq(code, "EBADMSG")
message, code = select(2, mutex:try_lock())
check.has(message, "/mutex.x is damaged or of another version; remove it")
check.eq(code, "EBADMSG")
message, code = select(2, event:set())
check.has(message, "/event.x was removed while it was in use; start again")
check.eq(code, "ESTALE")
check.eq(select(3, event:is_set()), "ESTALE")
event:close()
check.eq(select(3, waiting:wait()), "ECANCELED")
mutex:close()
