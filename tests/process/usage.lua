-- process.usage: what this process has used, with the fields of child:usage; with '.' and ':'.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local child <close> = assert(proc.spawn("sleep", { 60 }))
local u, of_child = process.usage(), assert(child:usage())
for name in pairs(of_child) do assert(u[name] ~= nil, name) end
for name in pairs(u) do assert(of_child[name] ~= nil, name) end
assert(math.abs(u.cpu - u.cpu_user - u.cpu_system) < 1e-9)
assert(u.rss > 100000 and u.peak_rss >= u.rss and u.threads >= 1)
check.eq(u.state, "R")
check.eq(u.state_name, "running")
check.values(u.children, child.pid)

local before = process:usage()
local x = 0
for i = 1, 2000000 do x = x + i % 7 end
assert(x > 0)
local after = process:usage()
assert(after.cpu > before.cpu and after.minor_faults >= before.minor_faults)
assert(after.voluntary_switches + after.involuntary_switches
  >= before.voluntary_switches + before.involuntary_switches)

local text = ("x"):rep(40000000)
assert(process.usage().rss > 40000000 and #text == 40000000)

-- memory of the one who started it does not count, though the kernel does not see that
local r = proc.run(process.exec_path, { "-e", "print(process.usage().peak_rss)" }):check()
assert(tonumber(r:text()) < 40000000, r:text())
