-- Coroutines nest nearly as deep as Lua's own, and are the same there: arguments, results, errors,
-- waits, a cancel whose <close> handlers wait.
local task = require "procrun.task"
local check = require "tests.lib.check"

local DEPTH <const> = 180

-- Calls fn(…) in as many coroutines, one inside another; what each yields is handed on.
local function nest(depth, fn, ...)
  if depth == 0 then return fn(...) end
  local co = coroutine.create(nest)
  local results = table.pack(coroutine.resume(co, depth - 1, fn, ...))
  while coroutine.status(co) == "suspended" do
    results = table.pack(coroutine.resume(co, coroutine.yield(table.unpack(results, 2, results.n))))
  end
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

check.values(table.pack(nest(DEPTH, function(...) return select("#", ...), ... end, 1, nil, 3)),
  3, 1, nil, 3)
check.values(table.pack(nest(DEPTH, function() task.sleep(0.001) return "slept" end)), "slept")
check.raises("boom", nest, DEPTH, error, "boom", 0)

local generator = coroutine.wrap(function()
  return nest(100, function()
    for i = 1, 3 do check.eq(coroutine.yield(i), i * 10) end
    return "end"
  end)
end)
check.eq(generator(), 1)
check.eq(generator(10), 2)
check.eq(generator(20), 3)
check.eq(generator(30), "end")

local order = {}
local t = task.spawn(nest, DEPTH, function()
  local _ <close> = setmetatable({}, {__close = function()
    task.sleep(0.001)
    order[#order + 1] = "closed"
  end})
  task.sleep(60)
end)
task.yield()
t:cancel()
check.eq(select(3, t:wait()), "ECANCELED")
check.eq(table.concat(order, " "), "closed")

-- An error says where, as it does anywhere.
local trace = nest(DEPTH, function() return debug.traceback("here") end)
check.has(trace, "coroutine_deep.lua")
local ok, message = pcall(nest, 1000, function() end)
check.eq(ok, false)
check.has(message, "C stack overflow")

-- Handlers that close one coroutine after the other: as deep as that, never out of the C stack.
local chain = false
for _ = 1, 50000 do
  local previous = chain
  chain = coroutine.create(function()
    local _ <close> = setmetatable({}, {__close = function()
      if previous then assert(coroutine.close(previous)) end
    end})
    coroutine.yield()
  end)
  coroutine.resume(chain)
end
ok, message = coroutine.close(chain)
check.eq(ok, false)
check.has(message, "C stack overflow")
