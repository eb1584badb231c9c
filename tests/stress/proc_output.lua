-- timeout: 300
-- 3,000 children writing 200 kB each, 16 at a time: every byte of every one arrives.
local proc = require "procrun.proc"
local task = require "procrun.task"

local CHILDREN <const>, SIZE <const> = 3000, 200000
local next_child, total = 0, 0

local function work()
  while next_child < CHILDREN do
    next_child = next_child + 1
    local i = next_child
    local unit = ("%06d\n"):format(i)
    local r = proc.run("sh", { "-c", "yes $0 | head -c 200000; exit 7", unit:sub(1, -2) })
    assert(r.code == 7 and r.errno == nil, tostring(r))
    assert(#r.stdout == SIZE, #r.stdout)
    assert(r.stdout == unit:rep(SIZE // #unit + 1):sub(1, SIZE), "child " .. i)
    total = total + #r.stdout
  end
end

local workers = {}
for i = 1, 16 do workers[i] = work end
task.all(workers)
assert(total == CHILDREN * SIZE)
