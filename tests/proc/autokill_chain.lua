-- A chain of forked workers ends to its last one when the parent of the first is killed by SIGKILL,
-- though nobody asked for that; a child with ids of its own dies all the same.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local script = arg[0]

if arg[1] then -- a link of the chain: says who it is, starts the next one
  local left = math.tointeger(arg[1])
  io.write(process.pid, "\n")
  io.stdout:flush()
  if left > 0 then assert(proc.fork(script, { left - 1 })) end
  require "procrun.task".sleep(60)
end

local function lives(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  return stat ~= nil and not stat:find("%) [ZX]")
end

local function wait_dead(pid)
  local stop = timer.now() + 20
  while lives(pid) and timer.now() < stop do proc.run("sleep", { 0.01 }) end
  return not lives(pid)
end

local first = assert(proc.spawn(process.exec_path, { script, 3 }, { stderr = "inherit" }))
local pids = {}
for i = 1, 4 do pids[i] = assert(first.stdout:read("n")) end
first:kill("KILL")
assert(first:wait(20).signal == "SIGKILL")
for i = 2, 4 do assert(wait_dead(pids[i]), i) end

if proc.run("id", { "-u" }):text() ~= "0" then return end
local parent = assert(proc.spawn(process.exec_path, { "-e", [[
  local proc = require "procrun.proc"
  local options = {stdio = "ignore", uid = 65534, gid = 65534, cwd = "/", autokill = true}
  print(assert(proc.spawn("sleep", {60}, options)).pid)
  require "procrun.task".sleep(60)
]] }, { stderr = "inherit" }))
local pid = assert(parent.stdout:read("n"))
parent:kill("KILL")
assert(wait_dead(pid))
