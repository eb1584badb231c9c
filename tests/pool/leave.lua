-- A task that is cancelled while it leaves the block of a pool: jobs that go on for long are ended.
-- The same at the exit of the script, and a broadcast beside crashes and recycling.
-- timeout: 30
local check = require "tests.lib.check"
local pool = require "tests.lib.pool"
local proc = require "procrun.proc"
local task = require "procrun.task"

local source = [[
  local task = require "procrun.task"
  return { sleep = task.sleep, id = function(...) return ... end }]]

do
  local left, p = task.event(), nil
  local leaving = task.spawn(function()
    local one <close> = pool.new(source, { size = 1 })
    p = one
    one:start("sleep", 1000)
    while p:stats().running == 0 do task.sleep(0.005) end
    left:set()
  end)
  left:wait()
  task.yield()
  leaving:cancel()
  local _, _, code = leaving:wait(10)
  check.eq(code, "ECANCELED")
  check.eq(#p:stats().workers, 0)
end

-- the signal comes while the script waits at the end of the block
do
  local script = check.write(check.tmp "leaves.lua", ([[
    local p <close> = require "procrun.pool".new(%q, { size = 1 })
    p:call("id")
    p:start("sleep", 1000)
    print "leaving"
  ]]):format(pool.file(source)))
  local child <close> = assert(proc.spawn(process.exec_path, { script }))
  check.eq(child.stdout:read "l", "leaving")
  child:kill "SIGTERM"
  local result = assert(child:wait(10))
  check.eq(result.signal or result.code, "SIGTERM")
end

-- a broadcast reaches a worker before it is replaced
do
  local p <close> = pool.new(source, { size = 2, max_jobs = 5 })
  for i = 1, 20 do
    local jobs = { p:start("sleep", 0.002), p:start("sleep", 0.002), p:start("id", 1) }
    for _, value in ipairs(p:broadcast("id", i)) do check.eq(value, i) end
    for _, job in ipairs(jobs) do job:wait() end
  end
  check.eq(p:stats().failed, 0)
  assert(p:stats().recycled > 0)
end

-- and is not done by another when one dies of it
do
  local p <close> = pool.new(source, { size = 2, min = 2, retries = 3 })
  while p:stats().ready < 2 do task.sleep(0.005) end
  local caller = task.spawn(function() return pcall(p.broadcast, p, "sleep", 0.2) end)
  while p:stats().running < 2 do task.sleep(0.005) end
  process.kill(p:stats().workers[1].pid, "SIGKILL")
  local fine, err = caller:wait()
  check.eq(fine, false)
  check.eq(err.code, "EOWNERDEAD")
  check.eq(p:stats().retried, 0)
end

check.eq(#assert(proc.list { ppid = process.pid }), 0)
