-- The holder of a mutex is killed while fifty processes wait: each gets it once, the first of
-- them alone hears that it was abandoned, and nothing is left in the directory.
-- timeout: 60
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local WAITING <const> = 50

local holder = worker.fork [[
local mutex = assert(require("procrun.sync").mutex("m"))
assert(mutex:lock())
process.send "locked"
process.receive()
]]
check.eq(holder:receive(), "locked")

local source = [[
local task, log = require "procrun.task", arg[1]
local mutex = assert(require("procrun.sync").mutex("m"))
local t = task.spawn(function()
  local guard <close>, abandoned = mutex:lock()
  local file <close> = assert(io.open(log, "a"))
  file:write(process.pid, " in ", tostring(abandoned), "\n")
  file:flush()
  task.sleep(0.001)
  file:write(process.pid, " out\n")
  assert(guard)
end)
task.yield()
process.send "waits"
t:wait()
]]
local log, children = check.write(check.tmp("log"), ""), {}
for i = 1, WAITING do
  children[i] = worker.fork(source, { log })
  check.eq(children[i]:receive(), "waits")
end
assert(holder:kill("SIGKILL"))
for i = 1, WAITING do check.eq(children[i]:wait("30s").code, 0, "child " .. i) end

local lines = {}
for line in check.read(log):gmatch("[^\n]+") do lines[#lines + 1] = line end
check.eq(#lines, 2 * WAITING)
for i = 1, WAITING do
  local told = i == 1 and "abandoned" or "nil"
  check.eq(lines[2 * i - 1], ("%d in %s"):format(children[i].pid, told), "in the order they came")
  check.eq(lines[2 * i], ("%d out"):format(children[i].pid), "one at a time")
end

local mutex = assert(sync.mutex("m"))
local guard, abandoned = assert(mutex:try_lock())
check.eq(abandoned, nil)
guard:unlock()
mutex:close()
check.eq(#dir.entries(), 2, "our own two FIFOs are left, and no other")
