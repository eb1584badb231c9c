-- list and info while processes come and go: who has ended meanwhile is left out, never an error,
-- and who is there is there in full.
local proc = require "procrun.proc"
local task = require "procrun.task"

local over = false
local makers = {}
for i = 1, 4 do
  makers[i] = task.spawn(function()
    while not over do proc.run("sh", { "-c", "true & true & exec true" }) end
  end)
end

for _ = 1, 30 do
  local list = assert(proc.list())
  for _, info in ipairs(list) do
    assert(info.name and info.state and info.state_name ~= "unknown" and info.argv and info.command)
    assert(info.uid >= 0 and info.threads >= 0 and info.children and info.started)
  end
  for i = math.max(1, #list - 5), #list do
    local info, _, code = proc.info(list[i].pid)
    assert(info or code == "ESRCH", code)
  end
end
over = true
task.all(makers)
