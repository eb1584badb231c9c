-- A detached child with unref outlives its parent, also one that is ended by a signal, and leads a
-- session of its own; without unref the parent waits for it.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"

local function parent(text, options)
  local child = assert(proc.spawn(process.exec_path, { "-e", text },
    { stdio = { "ignore", "pipe", "inherit" } }))
  local pid = assert(math.tointeger(tonumber(child.stdout:read())))
  if options then child:kill(options.signal) end
  return child:wait(20), pid
end

local LONG <const> = [[
  local c = require "proc".spawn("sleep", {60}, {detached = true, stdio = "ignore"})
  print(c.pid)
  io.stdout:flush()
]]
local r, pid = parent(LONG .. "c:unref()")
check.eq(r.code, 0)
check.eq(process.kill(pid, 0), true)
local fields = check.read(("/proc/%d/stat"):format(pid)):match("%) . %d+ (%d+ %d+)")
check.eq(fields, ("%d %d"):format(pid, pid)) -- group and session
check.eq(process.kill(pid, "SIGKILL"), true)

r, pid = parent(LONG .. "c:unref() require 'task'.sleep(60)", { signal = "SIGTERM" })
check.eq(r.signal, "SIGTERM")
check.eq(process.kill(pid, "SIGKILL"), true)

-- also with a <close> variable
r, pid = parent(LONG:gsub("local c", "local c <close>") .. "c:unref()")
check.eq(r.code, 0)
check.eq(process.kill(pid, "SIGKILL"), true)

-- waited for without unref; then the parent that is ended leaves it alone
r, pid = parent([[
  local c = require "proc".spawn("sleep", {0.1}, {detached = true, stdio = "ignore"})
  print(c.pid)]])
check.eq(r.code, 0)
repeat task.sleep(0.001) until not process.kill(pid, 0)

-- a forked worker that is detached lives on by itself, and hears of the end of its parent
local told = check.tmp "told"
local file = check.write(check.tmp "worker.lua", ([[
  process:on("disconnect", function()
    local file <close> = assert(io.open(%q, "w"))
    file:write(tostring(process.connected))
  end)
  process.send(process.pid)]]):format(told))
r, pid = parent(([[
  local c = require "proc".fork(%q, {}, {detached = true,
    stdio = {"ignore", "ignore", "ignore", "ipc"}})
  print(c:receive(20))
  c:unref()
  c.channel:unref()]]):format(file))
check.eq(r.code, 0)
repeat task.sleep(0.001) until not process.kill(pid, 0)
check.eq(check.read(told), "false")
