-- What killed processes left says nothing to those who come later, however many come at once: a
-- semaphore may have another number of units then. A mutex that was abandoned keeps saying so.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local killed = worker.fork [[
local sync = require "procrun.sync"
assert(sync.semaphore("s", 3):acquire())
assert(sync.mutex("m"):lock())
os.execute("kill -KILL " .. process.pid)
]]
check.eq(killed:wait().signal, "SIGKILL")

local children = {}
for i = 1, 4 do
  children[i] = worker.fork [[
    local s = require("procrun.sync").semaphore
    process.send "ready"
    process.receive()
    local opened, message = s("s", 4)
    process.send(message or "opened")
    process.receive()
    assert(opened)
  ]]
  check.eq(children[i]:receive(), "ready")
end
for i = 1, 4 do children[i]:send "go" end
for i = 1, 4 do check.eq(children[i]:receive(), "opened") end
check.eq(sync.semaphore("s", 3), nil)
check.eq(assert(sync.semaphore("s", 4)):value(), 4)
for i = 1, 4 do children[i]:send "end" end
for i = 1, 4 do check.eq(children[i]:wait().code, 0) end

check.eq(select(2, assert(sync.mutex("m")):lock()), "abandoned")
