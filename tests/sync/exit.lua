-- A program that ends without unlocking gives everything back, and the next holder is told; a child
-- that it leaves behind holds nothing. In the end the directory is empty.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local ends = { "", "os.exit(3)", "error('x', 0)", [[os.execute("kill " .. process.pid)]] }
for _, last in ipairs(ends) do
  local run = check.run([[
    local sync = require "procrun.sync"
    assert(sync.mutex("m"):lock()) -- nobody keeps the guard: the lock is held all the same
    assert(sync.semaphore("s", 1):acquire())
    for i = 1, 3 do collectgarbage() end
    assert(not sync.mutex("m"):try_lock())
    assert(not sync.semaphore("s", 1):try_acquire())
    io.write "held"
  ]] .. last)
  check.eq(run.out, "held", run.err)
  local mutex <close> = assert(sync.mutex("m"))
  local guard <close>, abandoned = mutex:try_lock()
  assert(guard, last)
  check.eq(abandoned, "abandoned", last)
  local semaphore <close> = assert(sync.semaphore("s", 1))
  check.eq(semaphore:value(), 1)
end

local child = worker.fork [[
local sync, proc = require "procrun.sync", require "procrun.proc"
assert(sync.mutex("m"):lock())
local left = assert(proc.spawn("sleep", { 600 }, { detached = true, stdio = "ignore" }))
process.send(left.pid)
process.receive()
]]
local left = child:receive()
local mutex = assert(sync.mutex("m"))
check.eq(select(3, mutex:try_lock()), "EBUSY")
child:kill("SIGKILL")
local guard, abandoned = mutex:lock("20s")
assert(guard)
check.eq(abandoned, "abandoned")
assert(proc.info(left), "the child it left behind lives")
assert(os.execute("kill -KILL " .. left))
guard:unlock()

-- Whoever ends in order takes its entries away.
check.eq(check.run([[assert(require("procrun.sync").mutex("x"):try_lock()):unlock()]]).code, 0)
mutex:close()
check.eq(#dir.entries(), 2)
assert(fs.stat(dir.path))
