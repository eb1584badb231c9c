-- cancel and timeout: the worker is told and goes on with other jobs; one that computes on is ended
-- after the grace; nobody else waits for such a job.
local check = require "tests.lib.check"
local pool = require "tests.lib.pool"
local task = require "procrun.task"

local marks = check.tmp "marks"
check.write(marks, "")
local p <close> = pool.new(([[
  local task = require "procrun.task"
  local function note(text)
    local file <close> = assert(io.open(%q, "a"))
    file:write(text, "\n")
  end
  return {
    pid = function() return process.pid end,
    sleep = function(name)
      local _ <close> = setmetatable({}, { __close = function() note(name) end })
      task.sleep(60)
    end,
    stubborn = function() while true do end end,
    deaf = function() task.shield(task.sleep, 60) end,
  }]]):format(marks), { size = 1, grace = 0.1 })

local function noted(name)
  for _ = 1, 2000 do
    if check.read(marks):find(name, 1, true) then return end
    task.sleep(0.005)
  end
  error(name .. " was not cleaned up")
end

local pid = p:call "pid"

-- by its timeout, by a timeout around it, by a cancel of the task, by leaving a block
check.values(table.pack(p:with { timeout = 0.05 }:call("sleep", "first")), nil, "timeout",
  "ETIMEDOUT")
noted "first"
check.values(table.pack(task.timeout(0.05, function() return p:call("sleep", "second") end)),
  nil, "timeout", "ETIMEDOUT")
noted "second"
local t = task.spawn(function() p:call("sleep", "third") end)
task.sleep(0.05)
t:cancel()
noted "third"
do
  local job <close> = p:start("sleep", "fourth")
  check.eq(job:wait(0.05), nil)
  check.eq(job:status(), "running")
end
noted "fourth"
local job = p:start("sleep", "fifth")
task.sleep(0.05)
check.values(table.pack(job:cancel():wait()), nil, "the job was cancelled", "ECANCELED")
noted "fifth"
check.eq(p:call "pid", pid)
check.eq(p:stats().killed, 0)

-- one that does not listen is ended with its worker
for i, name in ipairs { "stubborn", "deaf" } do
  check.eq(select(3, p:with { timeout = 0.05 }:call(name)), "ETIMEDOUT")
  assert(p:call "pid" ~= pid)
  check.eq(p:stats().killed, i)
end
check.eq(p:stats().crashes, 0)

-- those in the queue go away; what waits behind them is served
pid = p:call "pid"
local running = p:start("sleep", "sixth")
local queued = p:start("sleep", "never")
local last = p:start "pid"
check.eq(queued:status(), "queued")
queued:cancel()
check.eq(p:stats().queued, 1)
check.eq(select(3, p:with { timeout = 0.05 }:call "pid"), "ETIMEDOUT")
running:cancel()
check.eq(last:wait(20), pid)
noted "sixth"
check.lacks(check.read(marks), "never")

-- kill ends what is under way
running = p:start("sleep", "seventh")
queued = p:start "pid"
local waiting = task.spawn(function() return p:call "pid" end)
task.sleep(0.05)
p:kill()
for _, one in ipairs { running, queued, waiting } do
  local value, err, code = one:wait(20)
  check.eq(value, nil)
  check.has(err, "the pool was ended")
  check.eq(code, "ECANCELED")
end
check.values(table.pack(p:call "pid"), nil, "the pool is closed", "EPIPE")
local _, late = pcall(p.broadcast, p, "pid")
check.eq(late.code, "EPIPE")
