-- Nothing left but tasks that wait on one another: each is named, with what it waits for and the
-- lines of the script where it does; __close handlers run; exit status 1.
local check = require "tests.lib.check"

local r = check.run [[
local task = require "procrun.task"
local q, e, s = task.queue(1), task.event(), task.semaphore(0)
q:put(1)
local function get() local v = task.queue():get() return v end -- line 4
task.spawn(function() get() end).name = "getter"   -- line 5
task.spawn(function() q:put(2) end)                -- line 6
task.spawn(function() e:wait() end)                -- line 7
task.spawn(function() s:acquire() end)             -- line 8
task.spawn(function()
  for _ in coroutine.wrap(get) do end              -- line 10
end)
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() print("closed") end})
  task.group():wait()
  task.all{function() task.event():wait() end}     -- line 15
end)
t:wait()                                           -- line 17
print("went on")
]]
check.eq(r.code, 1)
check.eq(r.out, "closed\n")
check.has(r.err, "procrun: deadlock: nothing is left that could wake the waiting tasks\n")
for _, text in ipairs {
  "the main task waits for the end of a task\n    at @:17\n",
  "'getter' (@:5) waits for a value from a queue\n    at @:4\n    at @:5\n",
  "task 3 (@:6) waits for room in a queue\n    at @:6\n",
  "task 4 (@:7) waits for an event\n    at @:7\n",
  "task 5 (@:8) waits for a semaphore\n    at @:8\n",
  "waits for a value from a queue\n    at @:4\n    at @:10\n",
  "waits for all of several tasks\n    at @:15\n",
} do
  check.has(r.err, (text:gsub("@", (r.file:gsub("%%", "%%%%")))))
end
check.lacks(r.err, "procrun:task")

-- A sleeper, or a process that waits for its input, is none.
r = check.run [[
local task = require "procrun.task"
local e = task.event()
task.spawn(function() task.sleep(0.01) e:set() end)
e:wait()
print("end")
]]
check.eq(r.out, "end\n")
check.eq(r.code, 0)
check.eq(r.err, "")
