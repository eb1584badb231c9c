-- A dump of very many tasks is bounded: the first hundred, the rest by what they do and where.
-- build: no-gc-stress
local procrun = require "procrun"
local task = require "procrun.task"

local tasks = {}
for i = 1, 10000 do
  tasks[i] = task.spawn(function()
    if i % 10 == 0 then task.sleep(1000) end
    task.sleep(100)
  end)
end
task.sleep(0.01)
local text = ""
procrun.dump {write = function(_, part) text = text .. part end}
local count = select(2, text:gsub("\n  task %d+ ", ""))
assert(count == 99, count) -- and the main task
assert(text:find "\ntasks %(10001%):\n")
assert(text:find "\n  … 9901 more:\n    8910: wait for a sleep at [%w/_]+%.lua:%d+\n    991: wait ",
  text:sub(-500))
assert(text:find "; 9993 more\n", text:sub(1, 2000))
assert(#text < 40000, #text)
for _, t in ipairs(tasks) do t:cancel() end
