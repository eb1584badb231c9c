-- A thousand tasks, each in a directory and an environment of its own, with files and children in
-- all the ways there are, scopes in each other, cancels and time limits: each finds its own.
-- timeout: 300
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local TASKS <const>, ROUNDS <const> = 1000, 6
local seed = tonumber(os.getenv "SEED") or os.time()
math.randomseed(seed)
print("SEED=" .. seed)

local root = fs.realpath(check.tmp "")
local start = process.cwd()
local children = task.semaphore(8)

local function mine(i) return ("%s/%d"):format(root, i) end

local steps = {
  function(i) check.eq(fs.read "name", "task " .. i) end,
  function(i) check.eq(io.open "name":read "a", "task " .. i) end,
  function(i) check.eq(process.cwd(), mine(i)) end,
  function(i) check.eq(os.getenv "TASK", tostring(i)) end,
  function(i)
    local name = "file" .. math.random(3)
    fs.write(name, name .. i)
    task.sleep(0)
    check.eq(fs.read(mine(i) .. "/" .. name), name .. i)
  end,
  function(i)
    check.eq(fs.mkdir_p "sub/dir", true)
    local _ <close> = assert(proc.scope { cwd = "sub", extend_env = { SUB = i } })
    task.sleep(0)
    check.eq(fs.is_dir "dir", true)
    check.eq(fs.read "../name", "task " .. i)
    check.eq(process.env.SUB .. process.env.TASK, i .. tostring(i))
  end,
  function()
    task.timeout(0.0005, function()
      local _ <close> = assert(proc.scope { cwd = "/" })
      for _ = 1, 20 do
        check.eq(fs.is_dir "proc", true)
        task.sleep(0)
      end
    end)
    check.eq(fs.exists "name", true)
  end,
  function(i)
    local t = task.spawn(function()
      check.eq(fs.read "name", "task " .. i)
      local _ <close> = assert(proc.scope { cwd = "..", env = {} })
      check.eq(fs.is_dir(tostring(i)), true)
      check.eq(os.getenv "TASK", nil)
      task.sleep(1)
    end)
    task.sleep(0)
    t:cancel()
  end,
  function()
    for name in fs.walk "." do
      task.sleep(0)
      check.eq(fs.exists(name), true)
    end
  end,
  function(i)
    if math.random(8) > 1 then return end
    local _ <close> = children:acquire()
    check.eq(proc.run("/bin/sh", { "-c", "cat name; echo \" $TASK\"; pwd" }):check().stdout,
      ("task %d %d\n%s\n"):format(i, i, mine(i)))
  end,
  function(i)
    if math.random(8) > 1 then return end
    local _ <close> = children:acquire()
    check.eq(io.popen "cat name; echo \" $TASK\"":read "l", ("task %d %d"):format(i, i))
  end,
}

local function work(i)
  fs.mkdir(mine(i))
  fs.write(mine(i) .. "/name", "task " .. i)
  local _ <close> = assert(proc.scope { cwd = mine(i), extend_env = { TASK = i } })
  for _ = 1, ROUNDS do
    for _ = 1, #steps do
      steps[math.random(#steps)](i)
      if math.random(3) == 1 then task.sleep(0) end
    end
  end
end

-- Beside them, those without any scope.
local done = false
local outside = task.spawn(function()
  while not done do
    check.eq(process.cwd(), start)
    check.eq(fs.is_file "meson.build", true)
    check.eq(os.getenv "TASK", nil)
    task.sleep "1ms"
  end
end)
local all = {}
for i = 1, TASKS do all[i] = i end
task.map(all, TASKS, work)
done = true
outside:wait()
check.eq(process.cwd(), start)
