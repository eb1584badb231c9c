-- Workers that are killed at any moment under load: no job that may be done again is lost, none has
-- two results, and nothing is left behind.
-- timeout: 60
local check = require "tests.lib.check"
local pool = require "tests.lib.pool"
local proc = require "procrun.proc"
local task = require "procrun.task"

local source = [[
  local task = require "procrun.task"
  return function(x)
    if x %% 7 == 0 then task.sleep(0.001) end
    return x * 2, process.pid
  end -- %s]]
local marker = check.tmp "marker"

local function children()
  local list = {}
  for _, one in ipairs(assert(proc.list { ppid = process.pid })) do
    if one.state ~= "Z" then list[#list + 1] = one end
  end
  return list
end

for _, concurrency in ipairs { 1, 8 } do
  local p = pool.new(source:format(marker), { size = 2, concurrency = concurrency,
    retries = math.huge })
  local killer = task.spawn(function()
    while true do
      task.sleep(0.01)
      local workers = p:stats().workers
      local one = workers[math.random(#workers > 0 and #workers or 1)]
      if one and one.pid then process.kill(one.pid, "SIGKILL") end
    end
  end)
  local seen, count = {}, 0
  local direct = task.spawn(function() -- one caller by the short way beside the others
    for i = 1, 300 do check.eq((assert(p:call(-i))), -2 * i) end
  end)
  local items = {}
  for i = 1, 3000 do items[i] = i end
  for i, value in p:completed(items) do
    check.eq(value, 2 * i)
    assert(not seen[i], "two results")
    seen[i], count = true, count + 1
  end
  direct:wait()
  killer:cancel()
  check.eq(count, 3000)
  local stats = p:stats()
  assert(stats.crashes > 0)
  check.eq(stats.failed, 0)
  check.eq(stats.running + stats.queued, 0)
  p:close()
  check.eq(#children(), 0)
end

-- without retries each job has one result, and those that were hit are told so
do
  local p <close> = pool.new(source:format(marker), { size = 2 })
  p:call(1)
  local told, lost = 0, 0
  for i, value, _, code in p:completed(function() return told < 400 and 7 or nil end) do
    told = told + 1
    assert(value == 14 or code == "EOWNERDEAD", code)
    if not value then lost = lost + 1 end
    if i % 40 == 0 then
      local one = p:stats().workers[1]
      if one and one.pid then process.kill(one.pid, "SIGKILL") end
    end
  end
  assert(lost > 0 and lost < told)
end
check.eq(#children(), 0)

-- a worker with a pool of its own, and calls inside calls: no deadlock
do
  local inner = pool.file "return function(x) return x + 1 end"
  local p <close> = pool.new(([[
    local p = require "procrun.pool".new(%q, { size = 1 })
    return function(x) return p:call(p:call(x)) end]]):format(inner), { size = 2 })
  check.eq(table.concat(p:map { 1, 2, 3, 4 }, " "), "3 4 5 6")
end

-- a pool that nobody closes ends with the script, and does not keep it alive
local script = check.write(check.tmp "left.lua", ([[
  local p = require "procrun.pool".new(%q, { size = 2, min = 2 })
  print(p:call(21))
]]):format(pool.file "return function(x) return x * 2 end"))
check.eq(proc.run(process.exec_path, { script }, { timeout = "20s" }):check().stdout, "42\n")
