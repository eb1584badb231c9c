-- limits by cgroup: where one is made, what is written to it, what it tells, that it goes again.
-- A folder of plain files plays the kernel's: memory and pids are not to be had on every machine.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local check = require "tests.lib.check"

-- The script runs in a procrun that takes `own` for its cgroup; it says what it finds by `out`.
local function inside(own, script)
  local head = [[
    local proc = require "procrun.proc"
    local LOOK = "cd %s/procrun-* 2>/dev/null || { echo none; exit; }\n"
      .. "for f in memory.max memory.swap.max memory.oom.group pids.max cgroup.procs; do\n"
      .. "cat $f; echo; done;"
    local function sh(command, limits)
      return proc.run("sh", {"-c", command}, {limits = limits})
    end
  ]]
  local r = proc.run(process.exec_path, { "-e", head:format(own:gsub("//.*", "")) .. script },
    { extend_env = { PROCRUN_CGROUP = own }, timeout = 60 })
  assert(r.ok, r.stderr)
  return r.stdout
end

local function make(path, files)
  assert(fs.mkdir(path))
  for name, text in pairs(files) do check.write(path .. "/" .. name, text) end
  return path
end

local function names(path)
  local list = {}
  for _, name in ipairs(assert(fs.readdir(path))) do
    if name:find("^procrun") then list[#list + 1] = name end
  end
  return table.concat(list, " ")
end

local top = make(check.tmp("top"), { ["cgroup.procs"] = "", ["cgroup.controllers"] = "memory pids",
  ["cgroup.subtree_control"] = "cpu memory pids\n" })

local has_hooks = inside(top, [[io.write(sh(LOOK, {memory = 1}).stdout)]]) ~= "none\n"
if not has_hooks then
  print("skip: a build without test hooks")
  os.exit(77)
end

-- values, membership; the rest stays an rlimit
check.eq(inside(top, [[
  io.write(sh(LOOK .. "ulimit -d; ulimit -n", {memory = "64M", processes = 7, files = 40}).stdout)
]]), "67108864\n0\n1\n7\n0\nunlimited\n40\n")
check.eq(names(top), "")

-- what struck
check.eq(inside(top, [[
  local limits = {memory = "64M", processes = 7}
  local function show(command)
    local r = sh(LOOK .. command, limits)
    print(r.limit, r.errno, r.ok)
  end
  show "echo 'max 4\noom_kill 1' >memory.events; kill -KILL $$"
  show "echo 'max 2' >pids.events; exit 1"
  show "echo 'oom_kill 0' >memory.events; echo 'max 0' >pids.events; exit 1"
  show "echo 'max 2' >pids.events" -- it coped with that
]]), "memory\tENOMEM\tfalse\nprocesses\tEAGAIN\tfalse\nnil\tnil\tfalse\nnil\tnil\ttrue\n")

-- later changes
check.eq(inside(top, [[
  local child <close> = proc.spawn("sh", {"-c", "read _;" .. LOOK}, {limits = {memory = "64M"}})
  assert(child:limit {memory = math.huge, files = 99})
  assert(child:limit {memory = 4096})
  child.stdin:finish("\n")
  print(child.stdout:lines()())
]]), "4096\n")

-- what the dead have left is taken away, what the living use is not
fs.mkdir(top .. "/procrun-999999999-1-1")
fs.mkdir(top .. "/procrun-999999999-1-1/below")
local fields = {}
for field in check.read("/proc/self/stat"):match(".*%)(.*)"):gmatch("%S+") do
  fields[#fields + 1] = field
end
local mine = ("procrun-%d-%s-1"):format(process.pid, fields[20])
fs.mkdir(top .. "/" .. mine)
inside(top, [[sh(LOOK, {memory = 1})]])
check.eq(names(top), mine)
assert(os.remove(top .. "/" .. mine))

-- beside our own, in a parent that holds no process
local leaf = { ["cgroup.procs"] = "1\n", ["cgroup.type"] = "domain\n", ["memory.max"] = "max\n" }
make(top .. "/main", leaf)
local LOOK <const> = [[io.write(sh(LOOK, {memory = "64M"}).stdout:match("^%w+"))]]
check.eq(inside(top .. "//main", LOOK), "67108864")
-- ... that gives us controllers
check.write(top .. "/cgroup.subtree_control", "cpu")
check.eq(inside(top .. "//main", LOOK), "67108864")
check.eq(check.read(top .. "/cgroup.subtree_control"), "+memory")
check.write(top .. "/cgroup.subtree_control", "memory pids")
-- ... unless our own has a limit, or is that of another procrun's child
check.write(top .. "/main/memory.max", "1000000\n")
check.eq(inside(top .. "//main", LOOK), "none")
make(top .. "/procrun-1-1-1", leaf)
check.eq(inside(top .. "//procrun-1-1-1", LOOK), "max") -- that is its own one
assert(proc.run("rm", { "-r", top .. "/procrun-1-1-1" }).ok)
-- ... or that parent holds processes
check.write(top .. "/cgroup.type", "domain\n")
check.write(top .. "/cgroup.procs", "1\n")
check.write(top .. "/main/memory.max", "max\n")
check.eq(inside(top .. "//main", LOOK), "none")
