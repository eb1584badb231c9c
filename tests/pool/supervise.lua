-- supervise: start in order, ready, restart with a growing delay, giving up, stop in reverse order.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local pool = require "procrun.pool"
local task = require "procrun.task"
local file = require "tests.lib.pool".file

local log = check.tmp "log"
local function service(name, more)
  local one = { name = name, "sh", "-c", ([[
    trap 'echo -%s >> %s; exit 0' TERM
    echo +%s >> %s
    while :; do sleep 0.02; done]]):format(name, log, name, log) }
  for key, value in pairs(more or {}) do one[key] = value end
  one.ready = one.ready or function()
    local said = fs.exists(log) and check.read(log) or ""
    return (said:match("^.*([+-])" .. name)) == "+"
  end
  return one
end

-- order of start and stop
do
  local s <close> = assert(pool.supervise { service "a", service "b", service "c" })
  check.eq(check.read(log), "+a\n+b\n+c\n")
  local states = {}
  for i, one in ipairs(s:status()) do states[i] = one.name .. one.state .. one.restarts end
  check.eq(table.concat(states, " "), "arunning0 brunning0 crunning0")
  s:stop "b"
  check.eq(s:status "b".state, "stopped")
  check.eq(s:child "b", nil)
  assert(s:start "b")
  local before = s:child "a".pid
  assert(s:restart "a")
  assert(s:child "a".pid ~= before)
  check.raises("there is no child 'd' (there are: a, b, c)", s.stop, s, "d")
end
check.eq(check.read(log), "+a\n+b\n+c\n-b\n+b\n-a\n+a\n-c\n-b\n-a\n")

-- a child that dies is started again, after growing delays
do
  local s <close> = assert(pool.supervise { { name = "w", fork = file [[
    process.send "ready"
    for m in process.messages() do if m == "die" then os.exit(3) end process.send(m) end]],
    ready = "message" }, delay = 0.01 })
  local told, again = {}, task.event()
  s:on("exit", function(name, result) told[#told + 1] = name .. (result.code or "") end)
  s:on("restart", function(_, pause) told[#told + 1] = pause end)
  s:on("ready", function() again:set() end)
  for _ = 1, 3 do
    again:clear()
    s:child "w":send "die"
    assert(again:wait(20))
  end
  check.eq(table.concat(told, " "), "w3 0.01 w3 0.02 w3 0.04")
  s:child "w":send "hello"
  check.eq(s:child "w":receive(20), "hello")
  check.eq(s:status "w".restarts, 3)
end

-- it is given up; what it was to be restarted for
do
  local s <close> = assert(pool.supervise {
    { name = "bad", "sh", "-c", "exit 4" },
    { name = "once", "true", restart = "on_failure" },
    { name = "never", "false", restart = "never" },
    max_restarts = 3, delay = 0.001 })
  local failed
  s:on("failed", function(name, why, code) failed = { name, why, code } end)
  local ok, message, code = s:wait(20)
  check.eq(ok, nil)
  check.has(message, "bad was started again 3 times within 60 s; the last: `sh -c 'exit 4'` failed")
  check.eq(code, "ECHILD")
  assert(failed == nil or failed[1] == "bad")
  check.eq(s:status "bad".state, "failed")
  check.eq(s:status "once".state, "ended")
  check.eq(s:status "never".state, "ended")
  check.eq(s:status "never".result.code, 1)
end

-- one that does not get ready ends those before it
os.remove(log)
local s, message, code = pool.supervise { service "a",
  { name = "late", "sleep", "60", ready = function() end, ready_timeout = 0.1 } }
check.eq(s, nil)
check.has(message, "late was not ready after 0.1 s")
check.eq(code, "ETIMEDOUT")
check.eq(check.read(log), "+a\n-a\n")
s, message, code = pool.supervise { { "/nonexistent/program" } }
check.eq(s, nil)
check.has(message, "program: spawn /nonexistent/program: no such file")
check.eq(code, "ENOENT")
s, message = pool.supervise { { name = "x", "sh", "-c", "exit 5", ready = function() end } }
check.eq(s, nil)
check.has(message, "failed with exit status 5 before it was ready")

check.raises("list of children expected, got an empty table", pool.supervise, {})
check.raises("two of the name 'true'", pool.supervise, { { "true" }, { "true" } })
check.raises("unknown option 'restarts'", pool.supervise, { { "true" }, restarts = 1 })
check.raises("'restart': 'always', 'on_failure' or 'never' expected", pool.supervise,
  { { "true", restart = "often" } })
check.raises("needs fork", pool.supervise, { { "true", ready = "message" } })

-- one that stops between two starts; a cancel ends all
local t = task.spawn(function()
  local one <close> = assert(pool.supervise { { name = "bad", "false" }, service "z", delay = 60 })
  one:wait()
end)
for _ = 1, 1000 do
  if fs.exists(log) and check.read(log):find "+z" then break end
  task.sleep(0.01)
end
t:cancel()
t:wait(20)
check.has(check.read(log), "-z")
