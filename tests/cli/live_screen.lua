-- Bars on a real terminal: below everything that is printed, whoever prints it, at several widths.
local check = require "tests.lib.check"
local screen = require "tests.lib.screen"

local SCRIPT <const> = [[
local cli, proc, task = require "cli", require "proc", require "task"
local go = arg[1]
local function step(n) -- waits until the test has seen what there is
  while not io.open(go .. n) do task.sleep(0.01) end
end
local first = cli.progress(10, {text = "first"})
local second = cli.progress(20, {text = "second", unit = "bytes"})
print "printed" io.write "a line " task.sleep(0.05) io.write "of three " task.sleep(0.05)
io.write "parts\n"
cli.log "logged"
proc.run("sh", {"-c", "echo from a child; echo its error >&2"}, {capture = "tee"})
proc.run("sh", {"-c", "echo by a child; sleep 0.05; echo to its error >&2"}, {stdio = "inherit"})
first:set(5)
step(1)
local third = cli.spinner "spinning"
io.write "unfinished"
step(2)
second:finish() first:add(5) first:finish()
step(3)
print " line"
third:fail "spun"
print "end"]]

local file = check.write(check.tmp "bars.lua", SCRIPT)

local function is_bar(line)
  return line:find "^first  50%% 5/10" or line:find "^first .*[%]█░]  50%% 5/10"
end

local function run(columns, env)
  local go = check.tmp("go" .. columns)
  local s <close> = screen.open(("$PROCRUN %s %s"):format(file, go),
    {columns = columns, rows = 20, env = env})
  local text = s:wait_until("the bar at 50%", function(now)
    return now:find " 50%%[^\n]*\nsecond"
  end)
  local lines = s:lines()
  local above = {"printed", "a line of three parts", "logged", "from a child", "its error",
    "by a child", "to its error"}
  for i, line in ipairs(above) do check.eq(lines[i], line) end
  assert(#lines == 9 and is_bar(lines[8]), text)
  check.matches(lines[9], "^second .*0%%")
  local _, row, shown = s:cursor()
  check.eq(row, 8)
  check.eq(shown, true)

  check.write(go .. "1", "")
  text = s:wait_until("a third", function(now) return now:find "\nunfinished\n.*spinning" end)
  lines = s:lines()
  check.eq(lines[8], "unfinished")
  assert(#lines == 11 and is_bar(lines[9]) and lines[11]:find "spinning 0:0", text)

  check.write(go .. "2", "")
  text = s:wait_until("the end of two", function(now)
    return now:find "first: done, 10/10 in" and now:find "\n[^\n]*spinning[^\n]*$"
  end)
  check.matches(text, "\nunfinished\nsecond: done, 0 B/20 B in 0%.%ds\nfirst: done, 10/10 in")

  check.write(go .. "3", "")
  check.eq(s:ended(), 0)
  text = s:wait_until("the end", function(now)
    return now:find "\n line\nspun: failed after %d%.%ds\nend$"
  end)
  check.lacks(text, "%")
end

run(60)
run(100, {LC_ALL = "C"})
run(36, {LC_ALL = "C.UTF-8"})
