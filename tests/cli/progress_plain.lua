-- Bars where there is no terminal: plain lines, and none at all with quiet.
local check = require "tests.lib.check"

local function lines(script)
  local run = check.run('local cli, task = require "cli", require "task"\n' .. script)
  check.lacks(run.err, "\27")
  check.lacks(run.err, "\r")
  return run.err, run.code, run.out
end

local err = lines [[local bar <close> = cli.progress(4, {text = "work", unit = "files"})
  for _ = 1, 4 do bar:add() end]]
check.matches(err, "^work: 0/4 files\nwork: done, 4/4 files in %d%.%ds[^\n]*\n$")
check.matches(lines [[local bar = cli.progress(100) task.sleep(0.2) bar:add(100) bar:finish()]],
  "done, 100/100 in 0%.%ds, %d+/s\n$")

-- each end has its word
check.matches(lines [[local bar <close> = cli.progress(4, {text = "a"}) bar:set(3)]],
  "\na: stopped at 3/4 after 0%.%ds\n$")
check.matches(lines [[pcall(function()
  local bar <close> = cli.progress(4) bar:add() error "x" end)]],
  "\nfailed at 1/4 after")
check.matches(lines [[task.timeout(0.01, function()
  local bar <close> = cli.progress(2048, {unit = "bytes", value = 1024}) task.sleep(9) end)]],
  "\ncancelled at 1.0 KiB/2.0 KiB after")
check.matches(lines [[local s = cli.spinner "thinking" s:finish "thought" s:fail() s:close()]],
  "^thinking: begun\nthought: done in 0%.%ds\n$")
check.matches(lines [[local s = cli.spinner "thinking" s:fail()]], "\nthinking: failed after")

-- lines in between: at tenths, at most one a second
local tenths = lines [[local bar = cli.progress(100, {text = "t"})
  bar:set(15) task.sleep(1.2) bar:set(16) bar:set(17) bar:finish()]]
check.matches(tenths, "^t: 0/100\nt: 15%%, 15/100[^\n]*\nt: done, 17/100[^\n]*\n$")

-- nothing is left with leave = false; nothing is shown with quiet, whatever the end
check.eq(lines [[local b <close> = cli.progress(1, {leave = false}) b:add()]], "0/1\n")
check.eq(lines [[local b <close> = cli.progress(1, {quiet = true}) b:add(1)
  local s = cli.spinner("x", {quiet = true}) s:fail()
  for _ in cli.track({1, 2}, {quiet = true}) do end]], "")

-- a terminal that can nothing is none
local terminal = require "tests.lib.terminal"
check.write(check.tmp "dumb.lua", [[local bar <close> = require "cli".progress(2) bar:add(2)]])
local text = terminal.run("env TERM=dumb $PROCRUN " .. check.tmp "dumb.lua")
check.matches(text, "^0/2\r\ndone, 2/2 in")
check.lacks(text, "\27")

-- what is said in a text does no harm
check.matches(lines [[cli.progress(1, {text = "a\nb\27[2J"}):finish()]], "^a\\nb\\x1b%[2J: 0/1\n")

-- a bar keeps no program alive, is counted though it was never closed, and misuse is told
local began, code = lines [[cli.progress(3)]]
check.eq(code, 0)
check.eq(began, "0/3\n")
check.matches(lines [[cli.progress("x")]], "progress: total: number or nil expected, got string")
check.matches(lines [[cli.progress(1, {txt = 1})]], "progress: unknown option 'txt'")
check.matches(lines [[cli.progress(1):add "x"]], "bar:add: number expected, got string")
check.matches(lines [[cli.progress(1):set()]], "bar:set: number expected, got nil")
check.matches(lines [[local b = cli.progress(1) b.finish()]], "bar:finish%(%)")
check.matches(lines [[cli.spinner(1)]], "spinner: text: string expected, got number")

-- odd fields
for _, set in ipairs {"b.text = {}", "b.text = 5", "b.total = 'x'", "b.value = {}",
  "b.value = nil"} do
  local odd, status = lines("local b <close> = cli.progress(3) b:add() " .. set
    .. " task.sleep(0.15) b:close()")
  check.eq(status, 0, odd)
  assert(odd:find "stopped at %d/3 after" or odd:find "done, 1 in", odd)
end

-- odd counts
for _, numbers in ipairs {"0", "-1", "0/0", "1/0", "2^63", "nil"} do
  local odd, status = lines(("local b <close> = cli.progress(%s) b:add(0/0) b:set(-5) b:add(1e300)")
    :format(numbers))
  check.eq(status, 0, odd)
end
