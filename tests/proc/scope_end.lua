-- scope: it ends with its block however that ends; closed in another order, by another task, never,
-- or twice, it does no harm; handlers run where they were written.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
local start = process.cwd()
for _, name in ipairs { "a", "b", "c" } do fs.mkdir(root .. "/" .. name) end

local function scope(name)
  return assert(proc.scope { cwd = root .. "/" .. name, extend_env = { WHERE = name } })
end

local function where(name)
  check.eq(process.cwd(), name and root .. "/" .. name or start)
  check.eq(fs.realpath ".", name and root .. "/" .. name or start)
  check.eq(os.getenv "WHERE", name)
end

-- An error, a timeout, a cancel; a handler inside runs inside, one outside outside.
check.raises("boom", function()
  local _ <close> = scope "a"
  error "boom"
end)
where(nil)
check.values(table.pack(task.timeout("1ms", function()
  local _ <close> = setmetatable({}, { __close = function() task.sleep(0) where(nil) end })
  local _ <close> = scope "a"
  local _ <close> = setmetatable({}, { __close = function() task.sleep(0) where "a" end })
  task.sleep(60)
end)), nil, "timeout", "ETIMEDOUT")
where(nil)
local closed = 0
local t = task.spawn(function()
  local _ <close> = setmetatable({}, { __close = function()
    where(nil)
    check.eq(proc.run("pwd"):text(), start)
    closed = closed + 1
  end })
  local _ <close> = scope "a"
  local _ <close> = setmetatable({}, { __close = function()
    where "a"
    check.eq(proc.run("pwd"):text(), root .. "/a")
    closed = closed + 1
  end })
  task.sleep(60)
end)
task.sleep(0)
t:cancel():wait()
check.eq(closed, 2)

-- In another order.
local a, b, c = scope "a", scope "b", scope "c"
b:close()
where "c"
c:close()
where "a"
c = scope "c"
a:close()
where "c"
c:close()
c:close()
where(nil)

-- By another task: it is the opener's that ends.
local gate = task.event()
t = task.spawn(function()
  a = scope "a"
  gate:wait()
  where(nil)
end)
task.sleep(0)
b = scope "b"
a:close()
where "b"
gate:set()
t:wait()
b:close()
where(nil)

-- Never: it ends with its task. What was started inside keeps it.
local inner
t = task.spawn(function()
  a = scope "a"
  inner = task.spawn(function()
    task.sleep "2ms"
    where "a"
    local _ <close> = scope "b"
    where "b"
  end)
end)
t:wait()
where(nil)
a:close()
inner:wait()

-- A generator's scope is its task's, until it is closed.
local each = coroutine.wrap(function()
  local _ <close> = scope "a"
  coroutine.yield()
end)
each()
where "a"
each()
where(nil)

-- Nothing is left of many of them.
local function descriptors() return #assert(fs.readdir "/proc/self/fd") end
local before = descriptors()
for _ = 1, 50 do
  local s = scope "a"
  local _ <close> = scope "b"
  s:close()
end
task.map({ 1, 2, 3, 4, 5 }, 5, function()
  local _ = scope "a"
  task.sleep(0)
end)
check.eq(descriptors(), before)
where(nil)

-- At the end of the program: listeners and finalizers are outside.
local r = check.run(([[
  local proc = require "proc"
  process:on("exit", function() print("exit", process.cwd()) end)
  kept = setmetatable({}, {__gc = function() print("gc", process.cwd(), os.getenv "WHERE") end})
  local s = proc.scope { cwd = "%s", extend_env = { WHERE = "a" } }
  print(process.cwd())
  os.exit(3)
]]):format(root .. "/a"))
check.eq(r.code, 3)
check.eq(r.out, ("%s/a\nexit\t%s\ngc\t%s\tnil\n"):format(root, start, start))
