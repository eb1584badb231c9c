-- Files of /proc, whose size is 0, are read whole; also one of more than a buffer's length.
local fs = require "procrun.fs"
assert(fs.stat("/proc/self/status").size == 0)
assert(fs.read("/proc/self/status"):find("\nPid:%s+%d+\n"))
assert(fs.read("/proc/self/cmdline"):find("procrun", 1, true))

local function by_io(name)
  local f <close> = assert(io.open(name))
  return f:read("a")
end
assert(fs.read("/proc/version") == by_io("/proc/version"))
local symbols = fs.read("/proc/kallsyms") or fs.read("/proc/cpuinfo")
assert(#symbols > 1000 and symbols:sub(-1) == "\n")

local count = 0
for line in fs.lines("/proc/self/maps") do
  assert(line:find("^%x+%-%x+ "), line)
  count = count + 1
end
assert(count > 5)
