-- Set until it is cleared, for all processes; whoever waits when it is set goes on, though it is
-- cleared at once; it stays set when nobody has it open.
-- timeout: 60
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local e = assert(sync.event("e"))
check.eq(e:is_set(), false)
check.values(table.pack(e:wait(0.001)), nil, "timeout", "ETIMEDOUT")
check.values(table.pack(e:wait(0)), nil, "timeout", "ETIMEDOUT")
check.eq(e:set(), e)
check.eq(e:is_set(), true)
check.eq(e:wait(), true)
check.eq(e:clear(), e)
check.eq(e:is_set(), false)

local source = [[
local task = require "procrun.task"
local e = assert(require("procrun.sync").event("e"))
local t = task.spawn(function() assert(e:wait()) end)
task.yield()
process.send "waits"
t:wait()
process.send "went on"
]]
local children, tasks = {}, {}
for i = 1, 5 do
  children[i] = worker.fork(source)
  check.eq(children[i]:receive(), "waits")
  tasks[i] = task.spawn(function() return e:wait() end)
end
task.yield()
children[3]:kill("SIGKILL")
e:set()
e:clear()
for i = 1, 5 do
  check.eq(tasks[i]:wait("20s"), true)
  if i ~= 3 then check.eq(children[i]:receive("20s"), "went on") end
end

-- Who comes after it was cleared waits, though others have just gone on.
local early = task.spawn(function() return e:wait() end)
task.yield()
e:set()
e:clear()
check.values(table.pack(e:wait(0.001)), nil, "timeout", "ETIMEDOUT")
check.eq(early:wait(), true)

-- It is a state: it outlives those who set it, and the file of one that is not set does not.
assert(e:set())
e:close()
for _, child in ipairs(children) do child:wait("20s") end
local again = assert(sync.event("e"))
check.eq(again:is_set(), true)
again:clear()
again:close()
check.eq(dir.entries()[1]:sub(1, 2), "p.")
