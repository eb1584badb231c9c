-- race: the results, or the error, of who ends first; the others are cancelled and have ended by
-- then.
local task = require "procrun.task"
local check = require "tests.lib.check"

local ended = 0
local function slow()
  local _ <close> = setmetatable({}, {__close = function() task.sleep(0.002) ended = ended + 1 end})
  task.sleep(60)
end
check.values(table.pack(task.race{slow, function() task.sleep(0.001) return 1, nil, 3 end, slow}),
  1, nil, 3)
check.eq(ended, 2)
local object = {}
local ok, err = pcall(task.race, {slow, function() error(object) end})
assert(not ok and rawequal(err, object) and ended == 3)
check.values(table.pack(task.race{function() return "first" end, function() return "second" end}),
  "first")

local t = task.spawn(task.sleep, 60)
task.spawn(function() t:cancel() end)
check.eq(select(3, task.race{t, slow}), "ECANCELED")

check.raises("bad argument #1 to 'race' (at least one function or task expected)", task.race, {})
check.raises("bad argument #1 to 'race' (table of functions and tasks expected, got number)",
  task.race, 1)
