-- group: leaving the block waits for all; an error cancels the siblings and is raised, once; a
-- cancel of the waiter passes on to the members.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log
-- time: seconds, or the task whose end is waited for
local function member(text, time, err)
  local _ <close> = setmetatable({}, {__close = function() task.sleep(0.002) log[#log + 1] = text
    end})
  if type(time) == "number" then task.sleep(time) else time:wait() end
  if err then error(err) end
  return text
end

log = {}
do
  local g <close> = task.group()
  local t = g:spawn(member, "b", g:spawn(member, "a", 0.001))
  g:spawn(function() g:spawn(member, "c", t) end)
  check.eq(t:wait(), "b")
end
check.eq(table.concat(log), "abc")

-- wait: a timeout, then all; the group can be used again.
local g = task.group()
check.eq(g:wait(), true)
g:spawn(task.sleep, 0.005)
check.values(table.pack(g:wait(0.001)), nil, "timeout", "ETIMEDOUT")
check.eq(g:wait(), true)
g:spawn(task.sleep, 0.001)
check.eq(g:wait(10), true)

-- An error of a member.
local object = {}
log = {}
local ok, err = pcall(function()
  local h <close> = task.group()
  h:spawn(member, "a", 60)
  h:spawn(member, "b", 0.001, object)
  h:spawn(member, "c", 60)
end)
assert(not ok and rawequal(err, object) and #log == 3)

-- Told by wait, not again by the end of the block; later members are cancelled at once.
log = {}
do
  local h <close> = task.group()
  h:spawn(member, "a", 0.001, object)
  ok, err = pcall(h.wait, h)
  assert(not ok and rawequal(err, object))
  check.eq(select(3, h:spawn(member, "late", 60):wait()), "ECANCELED")
  check.eq(h:wait(), true)
end
check.eq(table.concat(log), "a")

-- An error of the block.
log = {}
ok, err = pcall(function()
  local h <close> = task.group()
  h:spawn(member, "a", 60)
  task.sleep(0.001)
  error("of the block", 0)
end)
assert(not ok and err == "of the block")
check.eq(table.concat(log), "a")

-- cancel.
log = {}
do
  local h <close> = task.group()
  h:spawn(member, "a", 60)
  task.yield()
  check.eq(h:cancel(), h)
end
check.eq(table.concat(log), "a")

-- A cancel, or a timeout, of the waiter: at the end of the block, in wait, within the block.
for i = 1, 3 do
  log = {}
  local function run()
    local h <close> = task.group()
    h:spawn(member, "a", 60)
    h:spawn(member, "b", 60)
    if i == 2 then h:wait() elseif i == 3 then task.sleep(60) end
  end
  local t = task.spawn(run)
  task.yield()
  task.yield()
  t:cancel()
  check.eq(select(3, t:wait()), "ECANCELED")
  check.eq(#log, 2)
  log = {}
  check.eq(select(3, task.timeout(0.001, run)), "ETIMEDOUT")
  check.eq(#log, 2)
end

-- In a __close handler of a task being cancelled, a group waits.
log = {}
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function()
    local h <close> = task.group()
    h:spawn(member, "a", 0.003)
  end})
  task.sleep(60)
end)
task.yield()
t:cancel()
task.yield()
t:cancel()
t:wait()
check.eq(table.concat(log), "a")

-- Groups in groups.
log = {}
ok, err = pcall(function()
  local outer <close> = task.group()
  outer:spawn(function()
    local inner <close> = task.group()
    inner:spawn(member, "x", 60)
    inner:spawn(member, "y", 60)
  end)
  outer:spawn(member, "z", 0.001, object)
end)
assert(not ok and rawequal(err, object) and #log == 3)

local old
do local h <close> = task.group() old = h end
check.raises("spawn: the group has ended", old.spawn, old, print)
check.raises("bad argument #1 to 'spawn' (function expected, got nil)", old.spawn, old)
