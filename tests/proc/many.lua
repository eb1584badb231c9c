-- 50 children at once, each with input, both outputs and a status of its own.
local proc = require "procrun.proc"
local task = require "procrun.task"

local list = {}
for i = 1, 50 do list[i] = i end
local results = task.map(list, 50, function(i)
  return proc.run("sh", { "-c", "cat; echo e$0 >&2; exit $0", i },
    { input = ("%d\n"):format(i):rep(20000) })
end)
for i, r in ipairs(results) do
  assert(r.code == i and r.stderr == ("e%d\n"):format(i), tostring(r))
  assert(r.stdout == ("%d\n"):format(i):rep(20000))
end
