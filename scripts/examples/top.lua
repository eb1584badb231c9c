#!/usr/bin/env procrun
-- top.lua [--by cpu|memory] [--count N] [--seconds S] [--user NAME] - the processes that use most:
-- memory now, or processor time during S seconds.

local proc = require "proc"
local task = require "task"

local options = {by = "memory", count = "10", seconds = "1"}

local function fail(...)
  io.stderr:write("top: ", string.format(...), "\n")
  process.exit(2)
end

for i = 1, #arg, 2 do
  local name = arg[i]:match("^%-%-(%l+)$")
  if not options[name] and name ~= "user" then fail("what is '%s'?", arg[i]) end
  options[name] = arg[i + 1] or fail("%s needs a value", arg[i])
end
local count = math.tointeger(tonumber(options.count)) or fail("--count needs a number")
local seconds = tonumber(options.seconds) or fail("--seconds needs a number")
if options.by ~= "cpu" and options.by ~= "memory" then fail("--by cpu, or --by memory") end

-- A number can be given to another process meanwhile; not its time, too.
local function identity(info)
  return info.pid .. "@" .. info.started
end

local filter = {user = options.user}
local before = {}
if options.by == "cpu" then
  for _, info in ipairs(assert(proc.list(filter))) do before[identity(info)] = info end
  task.sleep(seconds)
end

local list = assert(proc.list(filter))
for _, info in ipairs(list) do
  local old = before[identity(info)]
  local used, age = info.cpu, info.seconds
  if old then used, age = used - old.cpu, age - old.seconds end
  info.percent = age > 0 and 100 * used / age or 0
end
table.sort(list, function(a, b)
  local x, y = a.rss, b.rss
  if options.by == "cpu" then x, y = a.percent, b.percent end
  if x ~= y then return x > y end
  return a.pid < b.pid
end)

local system = assert(proc.system())
local memory = system.memory
print(("%s, %s %s, %d cores, load %.2f, %d of %d MB used, %d processes"):format(system.hostname,
  system.os, system.release, system.cores, system.load[1], memory.used >> 20, memory.total >> 20,
  #list))
print(("%7s %-10s %2s %6s %9s  %s"):format("PID", "USER", "S", "CPU%", "MEM kB", "COMMAND"))
local width = process.stdout.columns
for i = 1, math.min(count, #list) do
  local info = list[i]
  local line = ("%7d %-10s %2s %6.1f %9d  %s"):format(info.pid, info.user or info.uid, info.state,
    info.percent, info.rss >> 10, (info.command:gsub("%c", "?")))
  print(width and line:sub(1, width) or line)
end
