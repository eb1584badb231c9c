-- timeout: 240
-- limits.memory by a real cgroup: it holds for the whole tree, which is killed as one; the result
-- says so; swap does not help; child:limit changes it.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local cgroup = require "tests.lib.cgroup"
local check = require "tests.lib.check"

local base = cgroup.base()
local eat = check.write(check.tmp("eat.lua"), [[
  local pieces = {}
  for i = 1, arg[1] do pieces[i] = ("x"):rep((1 << 20) + i) end
  print "eaten"
  io.stdout:flush()
  if arg[2] then require "procrun.task".sleep(60) end
]])
local function with(memory) return { limits = { memory = memory }, timeout = 100 } end

local function is_struck(r, text)
  check.has(r, text)
  check.has(r, "was ended by SIGKILL at its memory limit")
  check.eq(r.ok, false)
  check.eq(r.code, nil)
  check.eq(r.signal, "SIGKILL")
  check.eq(r.limit, "memory")
  check.eq(r.errno, "ENOMEM")
  check.eq(select(2, pcall(r.check, r)).code, "ENOMEM")
end

-- piece by piece, and all at once
local r = proc.run(process.exec_path, { eat, 200 }, with "64M")
is_struck(r, "eat.lua 200")
check.eq(r.stdout, "")
is_struck(proc.run(process.exec_path, { "-e", "x = ('x'):rep(200 << 20)" }, with "64M"), "-e")
assert(proc.run(process.exec_path, { eat, 20 }, with "64M").ok)

-- a grandchild; and two that have too much together only: the whole tree goes
local function sh(command)
  return ("procrun=%s eat=%s; %s"):format(process.exec_path, eat, command)
end
is_struck(proc.run("sh", { "-c", sh "$procrun $eat 200; echo on" }, with "64M"), "sh -c")
local both = sh "$procrun $eat 60 hold & $procrun $eat 60 hold & wait; echo on"
r = proc.run("sh", { "-c", both }, with "100M")
is_struck(r, "sh -c")
check.lacks(r.stdout, "on")

-- one that ends well was not struck
r = proc.run("sh", { "-c", sh "$procrun $eat 40 | cat" }, with "64M")
check.values({ r.ok, r.limit, r.stdout }, true, nil, "eaten\n")

-- what is set; later limits
local child = assert(proc.spawn(process.exec_path, { eat, 40, "hold" },
  { limits = { memory = "100M" } }))
check.eq(child.stdout:read("l"), "eaten")
local dir = cgroup.of(base, child.pid)
check.eq(fs.read(dir .. "/memory.max"), ("%d\n"):format(100 << 20))
check.eq(fs.read(dir .. "/memory.oom.group"), "1\n")
local swap = fs.read(dir .. "/memory.swap.max") -- a kernel without has none
assert(swap == nil or swap == "0\n", swap)
check.eq(child:limit { memory = math.huge }, true)
check.eq(fs.read(dir .. "/memory.max"), "max\n")
check.eq(child:limit { memory = "10M" }, true) -- less than it has
is_struck(child:wait(60), "eat.lua 40 hold")

-- each stage of a pipeline by itself
r = proc.pipeline({ "cat", "/proc/self/cgroup" },
  { process.exec_path, eat, 100, limits = { memory = "32M" } }, { "cat", "/proc/self/cgroup" })
check.eq(r.limit, "memory")
check.eq(r.stages[2].limit, "memory")
check.eq(r.stages[3].limit, nil)

-- what such a child sees of it
check.eq(proc.run(process.exec_path,
  { "-e", "print(require 'procrun.proc'.system().memory.limit)" }, with "64M").stdout,
  ("%d\n"):format(64 << 20))

cgroup.gone(base)
