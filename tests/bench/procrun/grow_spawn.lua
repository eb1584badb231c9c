-- grow_spawn.lua - children one after the other, started and waited for, beside a heap of so many
-- bytes or so many open descriptors: grow_spawn.lua heap|fds SIZE; microseconds, the median.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local RUNS <const>, PIECE <const> = 200, 1000000
local kind, n = arg[1], tonumber(arg[2])
local held = {} -- luacheck: ignore 241
if kind == "heap" then
  for i = 1, n // PIECE do held[i] = ("x"):rep(PIECE - 8) .. i end
else
  for i = 1, n do held[i] = assert(fs.open("/dev/null")) end
end

local times = {}
for i = 1, RUNS do
  local began = timer.now()
  assert(proc.spawn("/bin/true", {}, { stdio = "ignore" }):wait().ok)
  times[i] = timer.now() - began
end
table.sort(times)
print(('{"value": %.2f}'):format(times[RUNS // 2] * 1e6))
