-- The FIFO in which a process is told to look may be small: a user with many pipes gets a page for
-- each more. When it is full of other things the process still hears of everything.
-- requires: python3
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local event, mutex = assert(sync.event("e")), assert(sync.mutex("m"))
local guard = assert(mutex:lock())
local own = {}
for _, name in ipairs(dir.entries()) do own[name] = true end

local child = worker.fork [[
local sync, task = require "procrun.sync", require "procrun.task"
local event, mutex = assert(sync.event("e")), assert(sync.mutex("m"))
task.spawn(function() while event:wait() do process.send "heard" end end)
local t = task.spawn(mutex.lock, mutex)
task.yield()
process.send "waits"
assert(t:wait("20s"))
process.exit(0)
]]
check.eq(child:receive(), "waits")
for _, name in ipairs(dir.entries()) do
  if not own[name] and name:find("^w%.") then
    local resize = "import fcntl, os, sys; " ..
        "fcntl.fcntl(os.open(sys.argv[1], os.O_RDWR), 1031, 4096)" -- F_SETPIPE_SZ
    proc.run("python3", { "-c", resize, dir.path .. "/" .. name }):check()
  end
end

assert(child:kill("SIGSTOP"))
repeat until proc.info(child.pid).state:find("^[tTs]")
for _ = 1, 600 do event:set():clear() end
guard:unlock()
assert(child:kill("SIGCONT"))
check.eq(child:wait("30s").code, 0)
