-- procrun --profile FILE: folded stacks in which the hot function dominates; tasks, coroutines, C
-- functions by name; written at every kind of end, and an unwritable file is told at the start.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local path = check.tmp("out.txt")
local _

-- Runs a script under the profiler: the result and the counts by stack.
local function profile(script, args)
  local words = {"--profile", path, check.write(check.tmp("script.lua"), script)}
  table.move(args or {}, 1, #(args or {}), #words + 1, words)
  local result = proc.run(process.exec_path, words)
  local counts, total = {}, 0
  for line in io.lines(path) do
    local stack, count = line:match("^([^ ].*) (%d+)$")
    assert(stack, line)
    counts[stack] = tonumber(count)
    total = total + tonumber(count)
  end
  return result, counts, total
end

local function sum(counts, pattern)
  local n = 0
  for stack, count in pairs(counts) do
    if stack:find(pattern) then n = n + count end
  end
  return n
end

local result, counts, total = profile [[
  local function hot(n) local x = 0 for i = 1, n do x = x + i % 7 end return x end
  local function cold() return 1 end
  local gen = coroutine.wrap(function() while true do coroutine.yield(hot(1e5)) end end)
  local t = require "task".spawn(function()
    local list = {}
    for i = 1, 100000 do list[i] = i * 7919 % 100003 end
    for i = 1, 5 do table.sort(list, function(a, b) return a < b end) table.sort(list) end
  end)
  t.name = "sorter; of lists"
  for i = 1, 300 do gen() cold() end
  t:wait()
]]
assert(result.ok, tostring(result))
local hot = sum(counts, "^main task;.-script%.lua:%(main chunk%);%[C%] gen;.-script%.lua:3;.-:hot$")
local sort = sum(counts, "^task sorter: of lists;.-script%.lua:4;%[C%] sort")
assert(hot > 20 and sort > 20, table.concat({hot, sort, total}, " "))
assert(hot + sort > 0.8 * total and sum(counts, "cold") < 0.2 * total)

-- An error, os.exit, a signal; and what the program says stays the same.
result, counts = profile "local function burn() for i = 1, 2e7 do end end burn() error 'on purpose'"
assert(result.code == 1 and result.stderr:find "on purpose" and sum(counts, ":burn$") > 0)
result, counts = profile "local function burn() for i = 1, 2e7 do end end burn() os.exit(5)"
assert(result.code == 5 and result.stderr == "" and sum(counts, ":burn$") > 0)
result, counts = profile [[
  local function burn() for i = 1, 2e7 do end end
  burn()
  process.kill(process.pid)
  require "task".sleep(20)]]
assert(result.signal == "SIGTERM" and sum(counts, ":burn$") > 0)
result = profile "process.kill(process.pid) while true do end"
assert(result.signal == "SIGTERM", tostring(result))

-- A hook of the script's own sees every line it would see.
local lines = [[
  local n = 0
  debug.sethook(function(event, line) assert(event == "line") n = n + 1 end, "l")
  for i = 1, 2e5 do
    local x = i
  end
  debug.sethook()
  print(n)]]
result, _, total = profile(lines)
local plain = proc.run(process.exec_path, {"-e", lines}):check()
assert(result.stdout == plain.stdout and total > 0, result.stdout .. plain.stdout)

-- Arguments are the script's; children are not profiled.
result = profile([[print(arg[1], #arg)
  print(require "proc".run("sh", {"-c", "kill -PROF $$; echo not here"}).signal)]], {"a b"})
assert(result.stdout == "a b\t1\nSIGPROF\n", result.stdout)

-- Misuse.
local function told(...)
  local r = proc.run(process.exec_path, {...})
  assert(r.code == 1 and r.stdout == "", tostring(r))
  return r.stderr
end
assert(told("--profile", "/nonexistent/out", "-e", "print 'ran'") ==
  "procrun: profile: /nonexistent/out: no such file or directory\n")
assert(told("--profile=" .. path, "--profile-interval=1h", "-e", "print 'ran'") ==
  "procrun: --profile-interval: 3600 s is not between 0.0001 s and 10 s\n")
assert(told("--profile"):find "^procrun: '%-%-profile' needs a value: %-%-profile=FILE\n")
assert(told("--profiles=x"):find "^procrun: unrecognized option '%-%-profiles=x'\n")

-- A file that cannot be written: the reason is told.
if require "procrun.fs".exists "/dev/full" then
  local spin = "local t = os.clock() + 0.05 while os.clock() < t do end"
  local full = require "procrun.proc".run(process.exec_path, {"--profile=/dev/full", "-e", spin})
  assert(full.ok and full.stderr:find "could not be written: No space left", full.stderr)
end
