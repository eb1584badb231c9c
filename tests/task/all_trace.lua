-- The errors of all, race, map and group come with the traceback of the member that failed.
local check = require "tests.lib.check"

for _, how in ipairs{"task.all{f, g}", "task.race{f, g}", "task.map({1, 2}, 2, f)",
  "local c <close> = task.group() c:spawn(f) c:wait()",
    "do local c <close> = task.group() c:spawn(f) end"} do
  local r = check.run(([[
local task = require "procrun.task"
local function f() task.sleep(0.001) error("it broke") end -- line 2
local function g() task.sleep(60) end
%s -- line 4
]]):format(how))
  check.eq(r.code, 1, how)
  check.has(r.err, "lua:2: it broke")
  check.has(r.err, "lua:2: in ")
  check.has(r.err, "lua:4: in ")
end

-- The others' errors are shown to who wants warnings.
local r = check.run([[
local task = require "procrun.task"
local function f() task.sleep(0.001) error("it broke") end
local function g()
  local _ <close> = setmetatable({}, {__close = function() error("so did this") end})
  task.sleep(60)
end
task.all{f, g}
]], "-W")
check.has(r.err, "Lua warning: task 3 (")
check.has(r.err, "lua:4: so did this")
check.has(r.err, "it broke")
