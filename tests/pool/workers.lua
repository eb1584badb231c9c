-- Workers on demand, ended when idle, recycled, counted; broadcast; a queue with a bound;
-- priorities and turns of the callers; concurrency; handles.
local check = require "tests.lib.check"
local net = require "procrun.net"
local pool = require "tests.lib.pool"
local task = require "procrun.task"

local source = [[
  local task = require "procrun.task"
  local keep = {}
  return {
    pid = function() return process.pid end,
    sleep = function(x, value) task.sleep(x) return value end,
    grow = function() keep[#keep + 1] = ("x"):rep(60 << 20) end,
    waste = function() return #("x"):rep(60 << 20) end,
    port = function(name, server) return server:address().port, name end,
    greet = function(socket) socket:write "hello" socket:close() end,
    listen = function() return require "procrun.net".listen { host = "127.0.0.1", port = 0 } end,
  }]]

local function await(what, fn)
  for _ = 1, 4000 do
    if fn() then return end
    task.sleep(0.005)
  end
  error(what)
end

-- on demand
do
  local p <close> = pool.new(source, { size = 3, idle_timeout = 0.2, min = 1 })
  check.eq(p:stats().ready, 1)
  local jobs = {}
  for i = 1, 5 do jobs[i] = p:start("sleep", 0.1, i) end
  local stats = p:stats()
  check.eq(stats.running + stats.queued, 5)
  for i = 1, 5 do check.eq(jobs[i]:wait(), i) end
  check.eq(p:stats().started, 3)
  await("idle workers were not ended", function() return #p:stats().workers == 1 end)
  check.eq(p:stats().idle_ended, 2)
  check.eq(p:stats().done, 5)
end

-- recycled after so many jobs, or when it has grown
do
  local p <close> = pool.new(source, { size = 1, max_jobs = 3 })
  local seen, count = {}, 0
  for _ = 1, 9 do
    local pid = p:call "pid"
    if not seen[pid] then seen[pid], count = true, count + 1 end
  end
  check.eq(count, 3)
  check.eq(p:stats().recycled, 3)
  local big <close> = pool.new(source, { size = 1, max_memory = "40M" })
  local pid = big:call "pid"
  big:call "waste"
  big:call "grow"
  assert(big:call "pid" ~= pid)
  assert(big:stats().recycled >= 1)
  check.eq(big:stats().crashes, 0)
end

-- broadcast: each worker once
do
  local p <close> = pool.new(source, { size = 2, min = 2 })
  local pids = p:broadcast "pid"
  check.eq(pids.n, 2)
  assert(pids[1] ~= pids[2])
  local busy = p:start("sleep", 0.05, 1)
  check.eq(p:broadcast("sleep", 0, 5)[2], 5)
  check.eq(busy:wait(), 1)
  check.raises("no function", p.broadcast, p, "none")
  check.eq(p:call("sleep", 0, 6), 6)
end

-- a full queue makes start wait
do
  local p <close> = pool.new(source, { size = 1, queue = 2 })
  p:call "pid"
  local done = {}
  local producer = task.spawn(function()
    for i = 1, 6 do
      p:start("sleep", 0.01)
      done[i] = true
    end
  end)
  task.yield()
  task.yield()
  check.eq(#done, 3)
  check.eq(select(3, p:with { timeout = 0.001 }:call "pid"), "ETIMEDOUT")
  producer:wait(20)
  check.eq(#done, 6)
end

-- priorities, and turns within one
do
  local p <close> = pool.new(source, { size = 1 })
  p:call "pid"
  local order, jobs = {}, {}
  local function add(name, options)
    local calls = options and p:with(options) or p
    jobs[#jobs + 1] = task.spawn(function(job)
      job:wait()
      order[#order + 1] = name
    end, calls:start("sleep", 0.005))
  end
  local blocker = p:start("sleep", 0.05)
  for i = 1, 3 do add("a" .. i) end
  task.spawn(function() for i = 1, 2 do add("b" .. i) end end):wait()
  add("high", { priority = 1 })
  add("low", { priority = -1 })
  blocker:wait()
  for _, t in ipairs(jobs) do t:wait(20) end
  check.eq(table.concat(order, " "), "high a1 b1 a2 b2 a3 low")
end

-- several jobs at a time in one worker
do
  local p <close> = pool.new(source, { size = 1, concurrency = 10 })
  local items = {}
  for i = 1, 10 do items[i] = 0.2 end
  local before = check.now()
  check.eq(p:map("sleep", items).n, 10)
  assert(check.now() - before < 1.9, "they were not at the same time")
  check.eq(p:stats().started, 1)
end

-- servers and sockets
do
  local p <close> = pool.new(source, { size = 1 })
  local server <close> = assert(net.listen { host = "127.0.0.1", port = 0 })
  local port, name = p:call("port", "x", server)
  check.eq(port, server:address().port)
  check.eq(name, "x")
  local client = assert(net.connect(port, "127.0.0.1"))
  p:call("greet", assert(server:accept()))
  check.eq(client:read "a", "hello")
  local theirs <close> = p:call "listen"
  client = assert(net.connect(theirs:address().port, "127.0.0.1"))
  client:close()
  check.raises("two handles", p.call, p, "port", server, server)
end
