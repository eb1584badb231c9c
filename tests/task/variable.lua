-- variable: each task has a value of its own, and hands it on to the tasks that it starts.
local task = require "procrun.task"
local check = require "tests.lib.check"

local v = task.variable("default")
local other = task.variable()
check.eq(v:get(), "default")
check.eq(other:get(), nil)

do
  local _ <close> = v:set("main")
  check.eq(v:get(), "main")
  check.eq(other:get(), nil)
  do
    local _ <close> = v:set(nil)
    check.eq(v:get(), "default")
    local _ <close> = v:set(false)
    check.eq(v:get(), false)
  end
  check.eq(v:get(), "main")
end
check.eq(v:get(), "default")

-- What the starting task has at the spawn, not later; what a started one sets is its own.
local early, late
do
  local _ <close> = v:set("early")
  early = task.spawn(function()
    check.eq(v:get(), "early")
    local _ <close> = v:set("its own")
    task.sleep(0)
    return v:get()
  end)
  late = task.spawn(function() task.sleep("1ms") return v:get(), other:get() end)
  do
    local _ <close> = other:set("too late")
    task.sleep(0)
  end
  check.eq(v:get(), "early")
end
check.eq(early:wait(), "its own")
check.values(table.pack(late:wait()), "early", nil)

-- Every way to start one, through several generations.
do
  local _ <close> = v:set("inherited")
  local get = function() return v:get() end
  local nested = function() return task.spawn(get):wait() end
  check.eq(task.all({get, nested})[2], "inherited")
  check.eq(task.race({get}), "inherited")
  check.eq(task.map({1, 2, 3}, 2, nested)[3], "inherited")
  check.eq(task.timeout(10, get), "inherited")
  check.eq(task.shield(get), "inherited")
  check.eq(coroutine.wrap(get)(), "inherited")
  local g <close> = task.group()
  check.eq(g:spawn(nested):wait(), "inherited")
end

-- Many side by side.
local sums = task.map({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 10, function(i)
  local _ <close> = v:set(i)
  for _ = 1, 5 do task.sleep(0) end
  return v:get()
end)
for i = 1, 10 do check.eq(sums[i], i) end
check.eq(v:get(), "default")

-- A listener keeps what there was when its dispatch task began.
local proc = require "procrun.proc"
local seen
local child
do
  local _ <close> = v:set("listener")
  child = proc.spawn("true")
  child:on("exit", function() seen = v:get() end)
end
child:wait()
task.sleep(0)
check.eq(seen, "listener")

check.raises("call it with a colon: variable:get(...)", v.get)
check.raises("call it with a colon: variable:set(...)", v.set, 1)
