-- debug.sethook, as coverage tools and debuggers use it: as with lua; a task inherits it from the
-- task that starts it; signals still end a program that has one.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local signal = require "procrun.signal"
local proc = require "procrun.proc"

local COUNT <const> = [[
  local counts, keys = {}, {}
  local function hook(_, line)
    if not debug.getinfo(2, "S").short_src:find "same.lua" then return end
    counts[line] = (counts[line] or 0) + 1
  end
  debug.sethook(hook, "l")
  local function f(x)
    return x
  end
  f(1) f(2)
  local co = coroutine.create(function()
    f(3) coroutine.yield()
    f(4)
  end)
  print(debug.gethook(co))
  coroutine.resume(co)
  debug.sethook(co, hook, "l")
  coroutine.resume(co)
  print(debug.gethook() == hook)
  debug.sethook()
  print(debug.gethook())
  for line, n in pairs(counts) do keys[#keys + 1] = line .. "=" .. n end
  table.sort(keys)
  print(table.concat(keys, " "))]]
rock.need("lua5.4")
rock.same(COUNT)

local r = check.run [[
  local task, timer = require "task", require "timer"
  local lines = {}
  debug.sethook(function(_, line) lines[line] = true end, "l")
  task.spawn(function()
    task.sleep("1ms")
    task.spawn(function()
      lines.inner = lines[7]
    end):wait()
  end):wait()
  timer.after("1ms", function()
    lines.timer = lines[12]
  end)
  task.sleep("5ms")
  local plain
  debug.sethook()
  task.spawn(function() plain = debug.gethook() end):wait()
  print(lines[5], lines.inner, lines.timer, plain)]]
check.eq(r.out, "true\ttrue\ttrue\tnil\n", r.err)

-- A script with a hook that never waits, and one that listens.
for _, case in ipairs {{"SIGINT", ""}, {"SIGTERM", ""},
  {"SIGINT", "process:on('SIGINT', function() io.write 'heard' os.exit(0) end)"}} do
  local child = proc.spawn(process.exec_path, {"-e", case[2] .. [[
    local task = require "procrun.task"
    local count = 0
    debug.sethook(function() count = count + 1 end, "", 1000)
    local _ <close> = setmetatable({}, {__close = function() io.write(tostring(count > 0)) end})
    print "ready"
    process.stdout:flush()
    while true do if #arg > 1 then task.yield() end end]], "-", "x", case[2] ~= "" and "y" or nil},
    {stdin = "ignore", stderr = "inherit"})
  check.eq(child.stdout:read "l", "ready")
  child:kill(case[1])
  check.eq(child.stdout:read "a", case[2] == "" and "true" or "heardtrue")
  check.eq(child:wait(20).signal, case[2] == "" and case[1] or nil)
end
check.eq(type(signal.wait), "function")
