#!/usr/bin/env procrun
-- top.lua - the processes that use most.

local cli, proc, task = require "cli", require "proc", require "task"

local opt = cli.args [[
usage: top.lua [options]

Shows the processes that use most memory now, or processor time during some seconds.

  -b, --by memory|cpu   what counts (default memory)
  -n, --count N         how many are shown (1.., default 10)
  -s, --seconds TIME    how long processor time is measured (default 1)
  -u, --user NAME       only those of this user]]

-- A number can be given to another process meanwhile; not its time, too.
local function identity(info)
  return info.pid .. "@" .. info.started
end

local filter = {user = opt.user}
local before = {}
if opt.by == "cpu" then
  for _, info in ipairs(assert(proc.list(filter))) do before[identity(info)] = info end
  task.sleep(opt.seconds)
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
  if opt.by == "cpu" then x, y = a.percent, b.percent end
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
for i = 1, math.min(opt.count, #list) do
  local info = list[i]
  local line = ("%7d %-10s %2s %6.1f %9d  %s"):format(info.pid, info.user or info.uid, info.state,
    info.percent, info.rss >> 10, (info.command:gsub("%c", "?")))
  print(width and line:sub(1, width) or line)
end
