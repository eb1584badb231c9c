-- An error nobody waits for: message, traceback, the task's name and its parents; the other tasks
-- are cancelled and their __close handlers run to their ends; exit status 1.
local check = require "tests.lib.check"

local r = check.run [[
local task = require "procrun.task"
task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() task.sleep(0.01) print("other") end})
  task.sleep(60)
end)
local function helper() error("it broke") end -- line 6
task.spawn(function()                         -- line 7
  local child = task.spawn(function()         -- line 8
    task.sleep(0.001)
    helper()                                  -- line 10
  end)
  child.name = "worker"
  task.sleep(60)
end)
local _ <close> = setmetatable({}, {__close = function() print("main closed") end})
task.sleep(60)
print("went on")
]]
check.eq(r.code, 1)
check.eq(r.out, "main closed\nother\n")
check.has(r.err, "run1.lua:6: it broke\nstack traceback:\n")
check.has(r.err, "run1.lua:10: in function <")
check.has(r.err, "in task 4 'worker' (")
check.has(r.err, "run1.lua:8), started by task 3 (")
check.has(r.err, "run1.lua:7), started by the main task\n")
check.eq(select(2, r.err:gsub("it broke", "")), 1)

-- The main chunk; error objects with and without a text of their own.
r = check.run "error('main')"
check.eq(r.code, 1)
check.has(r.err, "run2.lua:1: main\nstack traceback:\n")
check.has(r.err, "in main chunk")
for object, text in pairs {
  ["{code = 1}"] = "procrun: (error object is a table value)",
  ["setmetatable({}, {__tostring = function() return 'its text' end})"] = "procrun: its text\n",
  ["{code = 7, message = 'what happened'}"] =
    "procrun: what happened (error object is a table value)\n",
  ["{message = {}}"] = "procrun: (error object is a table value)\n",
  ["nil"] = "procrun: (error object is a nil value)",
  ["true"] = "procrun: (error object is a boolean value)",
  ["42"] = "procrun: 42",
  ["setmetatable({}, {__tostring = function() error('no') end})"] = "an error that cannot be shown",
} do
  r = check.run(("require 'procrun.task'.spawn(function() error(%s) end)"):format(object))
  check.eq(r.code, 1, object)
  check.has(r.err, text)
end

-- Endless recursion; an error in its message handler.
r = check.run "local function f() return 1 + f() end f()"
check.eq(r.code, 1)
check.has(r.err, "stack overflow")
r = check.run "error(select(2, xpcall(error, function() error('handler') end)))"
check.eq(r.code, 1)

-- The first one cancels the others; what these then fail with is told, too.
r = check.run [[
local task = require "procrun.task"
task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() error("the second") end})
  task.sleep(60)
end)
task.spawn(function() task.yield() error("the first") end)
task.spawn(function() task.yield() error("not reached") end)
]]
check.eq(r.code, 1)
assert(r.err:find("the first.*the second"), r.err)
check.lacks(r.err, "not reached")

-- Somebody who waits gets it instead; one that gave up waiting does not.
r = check.run [[
local task = require "procrun.task"
local t = task.spawn(function() task.sleep(0.001) error("x") end)
print(pcall(t.wait, t))
]]
check.eq(r.code, 0)
check.eq(r.err, "")
r = check.run [[
local task = require "procrun.task"
local t = task.spawn(function() task.sleep(0.01) error("nobody") end)
print(t:wait(0.001))
task.sleep(60)
]]
check.eq(r.code, 1)
check.has(r.err, "nobody")
