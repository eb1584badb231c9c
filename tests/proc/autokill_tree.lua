-- autokill = "tree": what the child has started dies, too, when its parent is killed by SIGKILL: by
-- a guard, which finds it by its cgroup where there is one, and else by who is whose parent.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"
local check = require "tests.lib.check"

local function lives(pid)
  local stat = fs.read("/proc/" .. pid .. "/stat")
  return stat ~= nil and not stat:find("%) [ZX]")
end

local function wait_dead(pid, what)
  local stop = timer.now() + 20
  while lives(pid) and timer.now() < stop do proc.run("sleep", { 0.01 }) end
  assert(not lives(pid), what)
end

local function children_of(pid)
  return check.read(("/proc/%d/task/%d/children"):format(pid, pid))
end

local NO_CGROUP <const> = { PROCRUN_CGROUP = "/nonexistent" }

-- A parent that starts `command` with these options of a spawn, and whose pids come by lines.
local function start(options, command, env)
  local script = ([[
    local proc = require "procrun.proc"
    local child = proc.spawn("sh", {"-c", %q}, {stdio = {"pipe", "inherit"}, %s})
    require "procrun.task".sleep(60)
  ]]):format(command, options)
  return assert(proc.spawn(process.exec_path, { "-e", script },
    { extend_env = env, stderr = "inherit" }))
end

-- A tree of three: a shell, one of its own session, one below a shell of its own.
local TREE <const> = "echo $$; setsid sleep 60 & echo $!; sh -c 'sleep 60 & echo $!; wait' & wait"

local function pids_of(parent, count)
  local pids = {}
  for i = 1, count do pids[i] = assert(parent.stdout:read("n")) end
  return pids
end

for _, env in ipairs { {}, NO_CGROUP } do
  -- killed
  local parent = start("autokill = 'tree'", TREE, env)
  local pids = pids_of(parent, 3)
  for _, pid in ipairs(pids) do assert(lives(pid)) end
  parent:kill("KILL")
  assert(parent:wait(20).signal == "SIGKILL")
  for i, pid in ipairs(pids) do wait_dead(pid, i) end

  -- ended by a signal: in order
  parent = start("autokill = 'tree', limits = {files = 50}", TREE, env)
  pids = pids_of(parent, 3)
  parent:kill("TERM")
  assert(parent:wait(20).signal == "SIGTERM")
  for i, pid in ipairs(pids) do wait_dead(pid, i) end

  -- a child that ends in time, one that does not start: the guard ends with its parent
  local script = [[
    local proc = require "procrun.proc"
    assert(proc.run("true", {autokill = "tree"}).ok)
    print(proc.spawn("/nope", {autokill = "tree"}))
    local children = io.open(("/proc/%d/task/%d/children"):format(process.pid, process.pid))
    print(children:read("a"))
  ]]
  local r = proc.run(process.exec_path, { "-e", script }, { extend_env = env })
  assert(r.ok, r.stderr)
  local first, guard = r.stdout:match("^(.-)\n(%d+)")
  check.eq(first, "nil\tspawn /nope: no such file or directory\tENOENT")
  assert(not lives(guard), "the guard is still there")
end

-- whoever has left the tree is found in the cgroup; kill_tree reaches it there, too
local function has_cgroup()
  local script = [[
    local proc = require "procrun.proc"
    print(proc.spawn("cat", {"/proc/self/cgroup"}, {autokill = "tree"}):wait().stdout)
  ]]
  local r = proc.run(process.exec_path, { "-e", script })
  return r.stdout:find("\n0::[^\n]*/procrun%-") or r.stdout:find("^0::[^\n]*/procrun%-")
end
if has_cgroup() then
  local ORPHAN <const> = "echo $$; sh -c 'setsid sleep 60 >/dev/null & echo $!'; read _"
  local parent = start("autokill = 'tree'", ORPHAN)
  local pids = pids_of(parent, 2)
  check.lacks(children_of(pids[1]), pids[2])
  parent:kill("KILL")
  for i, pid in ipairs(pids) do wait_dead(pid, i) end

  for signal, dies in pairs { TERM = true, KILL = true, [0] = false } do
    local child = assert(proc.spawn("sh", { "-c", ORPHAN }, { autokill = "tree" }))
    child.stdout:read("n")
    local orphan = child.stdout:read("n")
    assert(child:kill_tree(signal))
    assert(lives(orphan) or dies)
    if not dies then assert(child:kill_tree()) end
    wait_dead(orphan, signal)
    assert(child:wait(20))
    assert(select(3, child:kill_tree()) == "ESRCH")
  end
end

check.raises("spawn: option 'autokill': boolean, 'tree' or signal ('SIGTERM', 'TERM' or 15) "
  .. "expected, got \"trees\"", proc.spawn, "true", { autokill = "trees" })
