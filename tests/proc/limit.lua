-- timeout: 60
-- build: no-launch-uv
-- A hundred workers at once under a small limit of descriptors: it is raised when it comes near,
-- pidfds give way to SIGCHLD, and children get the limit that the program was started with.
local HARD, WORKERS = 200, 100

if arg[1] == "worker" then
  process:on("message", function(m) process.send(m) end)
  return
end

if arg[1] ~= "parent" then
  local command = "ulimit -Sn 64 && ulimit -Hn %d && exec '%s' '%s' parent"
  assert(os.execute(command:format(HARD, process.exec_path, arg[0])))
  return
end

local backend = require "procrun.core.process".backend
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local function limits()
  return proc.exec("ulimit -Sn; ulimit -Hn", { stderr = "inherit" }):wait().stdout
end

local function count()
  return #assert(fs.readdir("/proc/self/fd")) - 1
end

local function own_limit()
  local file <close> = assert(io.open("/proc/self/limits"))
  return tonumber(file:read("a"):match("Max open files%s+(%d+)"))
end

assert(limits() == "64\n200\n")
assert(own_limit() == 64, "raised before there was a need")
local before = count()
local workers = {}
for i = 1, WORKERS do workers[i] = assert(proc.fork(arg[0], { "worker" })) end
assert(own_limit() == HARD)
assert(count() >= WORKERS and count() < before + 2 * WORKERS, count())
-- uv_spawn needs room of its own below the limit that it is to hand on
assert(backend() == "uv" or limits() == "64\n200\n")
for i, worker in ipairs(workers) do worker:send(i) end
for i, worker in ipairs(workers) do assert(worker:receive(20) == i) end
for i = 1, WORKERS, 10 do workers[i]:kill("SIGKILL") end
for i = 1, WORKERS, 10 do assert(workers[i]:wait().signal == "SIGKILL") end
for i = 1, WORKERS, 10 do workers[i] = assert(proc.fork(arg[0], { "worker" })) end
for _, worker in ipairs(workers) do worker:disconnect() end
for _, worker in ipairs(workers) do assert(worker:wait().ok) end
collectgarbage()
assert(count() <= before + 8, count()) -- slots for later children may stay
