-- Jobs with labels print at the same time: no line is mixed with another, each has its label, a
-- last line without a newline gets one.
local check = require "tests.lib.check"

local r = check.run [[
local sh = require "sh"
local jobs = {}
for i = 1, 20 do jobs[i] = i end
sh.map(jobs, 20, function(i)
  sh { "sh", "-c", "for n in 1 2 3; do printf 'job '; sleep 0.01; echo $0 line $n; done; "
    .. "printf 'end '$0",
    i, label = "j" .. i }
end)]]
check.eq(r.code, 0, r.err)
local seen, count = {}, 0
for line in r.out:gmatch("([^\n]*)\n") do
  local label, rest = line:match("^j(%d+)[ |]+(.*)$")
  assert(label, line)
  local last = seen[label] or 0
  check.eq(rest, last < 3 and ("job %s line %d"):format(label, last + 1) or "end " .. label)
  seen[label], count = last + 1, count + 1
end
check.eq(count, 80)
check.eq(r.out:sub(-1), "\n")

-- group: whole outputs, one after the other
r = check.run [[
local sh = require "sh"
sh.map({ 1, 2, 3 }, 3, function(i)
  sh { "sh", "-c", "echo begin $0; sleep 0.02; echo end $0", i, output = "group" }
end)]]
check.eq(select(2, r.out:gsub("begin (%d)\nend %1\n", "")), 3, r.out)
