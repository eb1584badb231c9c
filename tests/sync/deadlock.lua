-- Tasks that wait for what only tasks of this process hold are a deadlock, and the report says for
-- what; waiting for another process is none.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local run = check.run [[
local sync, task = require "procrun.sync", require "procrun.task"
local m, s = assert(sync.mutex("m")), assert(sync.semaphore("s", 1))
assert(m:lock())
assert(s:acquire())
task.spawn(function() m:lock() end)
s:acquire()
]]
check.eq(run.code, 1)
check.has(run.err, "mutex 'm'")
check.has(run.err, "semaphore 's'")

local child = worker.fork [[
local m = assert(require("procrun.sync").mutex("m"))
local guard = assert(m:lock())
process.send "has it"
process.receive()
guard:unlock()
]]
check.eq(child:receive(), "has it")
local waits = worker.fork [[
local task = require "procrun.task"
local m = assert(require("procrun.sync").mutex("m"))
task.spawn(function() m:lock() process.send "got it" end)
task.yield()
process.send "waits"
process.disconnect()
]]
check.eq(waits:receive(), "waits")
child:send "go on"
check.eq(waits:wait("20s").code, 0)
