-- system: cores, load, memory, times, names of the machine.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local s = assert(proc.system())
check.eq(s.cores, process.cores())
assert(s.cores >= 1 and s.cores_online >= s.cores)
assert(s.cores_limit == nil or s.cores_limit > 0)
check.eq(#s.load, 3)
for _, load in ipairs(s.load) do assert(load >= 0) end

local m = s.memory
assert(m.total > 0 and m.free > 0 and m.free <= m.total)
assert(m.available > 0 and m.available <= m.total and m.cached >= 0)
check.eq(m.used, m.total - m.available)
assert(m.limit == nil or m.limit > 0)
check.eq(s.swap.used, s.swap.total - s.swap.free)

assert(s.uptime > 0 and math.abs(s.boot_time + s.uptime - os.time()) < 60)
check.eq(#s.cpus, s.cores_online)
for _, name in ipairs { "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal" } do
  local sum = 0
  for _, cpu in ipairs(s.cpus) do sum = sum + cpu[name] end
  assert(math.abs(sum - s.cpu[name]) < 1, name) -- each is rounded
end
local later = assert(proc.system())
assert(later.cpu.user + later.cpu.nice + later.cpu.system + later.cpu.idle
  >= s.cpu.user + s.cpu.nice + s.cpu.system + s.cpu.idle)

local function uname(option) return proc.run("uname", { option }):text() end
check.eq(s.os, uname("-s"))
check.eq(s.release, uname("-r"))
check.eq(s.version, uname("-v"))
check.eq(s.machine, uname("-m"))
check.eq(s.hostname, uname("-n"))

if proc.which("taskset") then -- the affinity mask counts
  local r = proc.run("taskset", { "-c", "0", process.exec_path, "-e",
    "local s = require 'proc'.system(); print(s.cores, s.cores_online)" })
  if r.ok then check.eq(r:text(), "1\t" .. s.cores_online) end
end
