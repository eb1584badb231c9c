-- child:limit changes the limits of a running child, of this one only; ESRCH after its end.
local proc = require "procrun.proc"
local check = require "tests.lib.check"

local function limits_of(pid)
  local text = check.read(("/proc/%d/limits"):format(pid))
  return function(name) return text:match(name .. "%s+(%w+)%s+(%w+)") end
end

local child = assert(proc.spawn("sh", { "-c", "read _; while :; do :; done" }))
local other <close> = assert(proc.spawn("sleep", { 60 }))
local before = limits_of(other.pid)("Max open files")
check.eq(child:limit { files = 20, memory = "64M", file_size = "1k", nice = 3 }, true)
local now = limits_of(child.pid)
check.values({ now("Max open files") }, "20", "20")
check.values({ now("Max data size") }, "67108864", "67108864")
check.values({ now("Max file size") }, "1024", "1024")
check.has(proc.run("ps", { "-o", "ni=", "-p", child.pid }).stdout, "3")
check.eq(limits_of(other.pid)("Max open files"), before)

-- a limit that came later is told like any other
check.eq(child:limit { cpu = 1 }, true)
child.stdin:finish("\n")
local r = child:wait(60)
check.eq(r.signal, "SIGXCPU")
check.eq(r.limit, "cpu")

-- a priority is that of all threads
local threads <close> = assert(proc.fork(check.write(check.tmp("threads.lua"), [[
  require "procrun.fs".read("/etc/passwd") -- the pool
  process.send(1)
  require "procrun.task".sleep(60)
]])))
assert(threads:receive(20) == 1)
check.eq(threads:limit { nice = 5 }, true)
local count = 0
for _, id in ipairs(require "procrun.fs".readdir(("/proc/%d/task"):format(threads.pid))) do
  local stat = check.read(("/proc/%d/task/%s/stat"):format(threads.pid, id))
  check.eq(stat:match("^.*%) " .. ("%S+ "):rep(16) .. "(%d+)"), "5")
  count = count + 1
end
assert(count > 1, count)

local ok, message, code = child:limit { cpu = 1 }
check.values({ ok, message, code }, nil, ("limit: child %d has already ended"):format(child.pid),
  "ESRCH")
