-- sh.map, sh.all, sh.timeout, sh.retry.
-- timeout: 60
local check = require "tests.lib.check"
local sh = require "procrun.sh"
local task = require "procrun.task"

-- one of three fails: the others are cancelled, waited for, and its error is raised
local ended = 0
local e = check.raises("exit status 3", sh.map, { "sh -c 'exit 3'", "sleep 60", "sleep 61" }, 3,
  function(command)
    local _ <close> = sh.defer(function()
      sh.sleep(0.01)
      ended = ended + 1
    end)
    sh(command)
  end)
check.eq(ended, 3)
check.eq(e.command, "sh -c 'exit 3'")
check.eq(table.concat(sh.map({ "echo a", "echo b" }, 2, sh.text)), "ab") -- the item alone

-- 200 jobs, 50 at a time, results in order
local items, running, most = {}, 0, 0
for i = 1, 200 do items[i] = i end
local results = sh.map(items, 50, function(i)
  running = running + 1
  most = math.max(most, running)
  local text = sh.text("echo", i)
  running = running - 1
  return math.tointeger(text)
end)
check.eq(#results, 200)
for i = 1, 200 do check.eq(results[i], i) end
check.eq(most, 50)
check.raises("bad argument #2 to 'map'", sh.map, {}, 0, print)

-- all
local r = sh.all { a = function() return sh.text "echo 1" end, [2] = function() return 2 end }
check.eq(r.a, "1")
check.eq(r[2], 2)
check.raises("exit status 1", sh.all, { bad = function() sh "false" end,
  slow = function() sh "sleep 60" end })
check.raises("'a': function or task expected, got number", sh.all, { a = 1 })

-- timeout: what fn returns, its errors, its own timeouts; the time
check.values(table.pack(sh.timeout(9, function() return 1, nil, 3 end)), 1, nil, 3)
check.values(table.pack(sh.timeout(9, function() return nil, "timeout", "ETIMEDOUT" end)), nil,
  "timeout", "ETIMEDOUT")
e = check.raises("timed out after 30ms", sh.timeout, "30ms", sh.run, "sleep 60")
check.eq(e.timed_out, true)
check.eq(e.code, "ETIMEDOUT")
check.raises("exit status 1", sh.timeout, 9, sh.run, "false")

-- retry
local function failing(times)
  local n = 0
  return function(...)
    n = n + 1
    if n <= times then sh { "sh", "-c", "exit " .. n } end
    return n, ...
  end
end
check.values(table.pack(sh.retry({ delay = 0 }, failing(2), "x", nil)), 3, "x", nil)
check.raises("exit status 2", sh.retry, { times = 2, delay = 0 }, failing(9))
check.raises("exit status 1", sh.retry, { delay = 0, when = function(err, n)
  return err.exit_code ~= n
end }, failing(9))
local told = {}
sh.retry({ times = 5, delay = 0.001, factor = 2, max = 0.003, on = function(n, err, pause)
  told[#told + 1] = ("%d:%d:%g"):format(n, err.exit_code, pause)
end }, failing(3))
check.eq(table.concat(told, " "), "1:1:0.001 2:2:0.002 3:3:0.003")
sh.retry({ delay = 0.002, jitter = true, on = function(_, _, pause)
  assert(pause >= 0.001 and pause <= 0.002, pause)
end }, failing(1))
told = {} -- each attempt lasted long enough: it is always the first
check.raises("exit status 4", sh.retry, { times = 2, delay = 0, reset = 0, on = function(n)
  told[#told + 1] = n
end, when = function(err) return err.exit_code < 4 end }, failing(9))
check.eq(table.concat(told, " "), "1 1 1")
check.eq(sh.retry(2, sh.text, "echo a number"), "a number")
check.raises("unknown option 'dela'", sh.retry, { dela = 1 }, print)
check.raises("option 'times': positive integer or math.huge expected", sh.retry, { times = 0 },
  print)

-- neither swallows a cancel
for _, fn in ipairs {
  function() sh.retry({ times = math.huge, delay = 0 }, sh.run, "sleep 60") end,
  function()
    sh.retry({ times = math.huge, delay = 0 }, function()
      sh.try "false"
      error "x"
    end)
  end,
  function() sh.timeout(60, sh.run, "sleep 60") end,
} do
  check.eq(select(3, task.timeout(0.03, fn)), "ETIMEDOUT")
end
