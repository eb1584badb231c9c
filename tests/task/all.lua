-- all: first results in the order of the list; the first error cancels the others and is raised as
-- it is, after all have ended.
local task = require "procrun.task"
local check = require "tests.lib.check"

local r = task.all{
  function() task.sleep(0.003) return "a", "second" end,
  function() return nil end,
  task.spawn(function() task.sleep(0.001) return "c" end),
}
check.values(r, "a", nil, "c")
check.values(task.all{})
local done = task.spawn(function() return "done" end)
done:wait()
check.values(task.all{done, done}, "done", "done")

local object, log = {}, {}
local function closes(text, time)
  return function()
    local _ <close> = setmetatable({}, {__close = function()
      task.sleep(0.002)
      log[#log + 1] = text
    end})
    task.sleep(time)
    error(object)
  end
end
local ok, err = pcall(task.all, {closes("a", 60), closes("b", 0.001), closes("c", 60)})
assert(not ok and rawequal(err, object))
check.eq(#log, 3)

-- One that has already failed, one that was cancelled.
local failed = task.spawn(function() error(object) end)
pcall(failed.wait, failed)
local other = task.spawn(task.sleep, 60)
ok, err = pcall(task.all, {other, failed})
assert(not ok and rawequal(err, object))
check.eq(other:status(), "cancelled")
check.raises("was cancelled", task.all, {other})
local t = task.spawn(task.sleep, 60)
task.spawn(function() t:cancel() end)
check.raises(" was cancelled", function() task.all{t, function() task.sleep(60) end} end)

-- A cancel or a timeout of the caller ends them all first.
for _, combine in ipairs{task.all, task.race} do
  log = {}
  check.eq(select(3, task.timeout(0.001, combine, {closes("a", 60), closes("b", 60)})), "ETIMEDOUT")
  check.eq(#log, 2)
  log = {}
  t = task.spawn(combine, {closes("a", 60), closes("b", 60)})
  task.yield()
  task.yield()
  t:cancel()
  check.eq(select(3, t:wait()), "ECANCELED")
  check.eq(#log, 2)
end

-- Second errors do not get in the way.
ok, err = pcall(task.all, {
  function() task.sleep(0.001) error(object) end,
  function() local _ <close> = setmetatable({}, {__close = function() error "second" end})
    task.sleep(60) end,
})
assert(not ok and rawequal(err, object))

-- Many.
local list = {}
for i = 1, 5000 do list[i] = function() task.sleep(0.001) return i end end
r = task.all(list)
for i = 1, 5000 do assert(r[i] == i) end

check.raises("bad argument #1 to 'all' (table of functions and tasks expected, got nil)", task.all)
check.raises("bad argument #1 to 'all' (function or task expected at index 2, got number)",
  task.all, {print, 2})
check.raises("all: a task cannot wait for itself", function() task.all{task.current()} end)
