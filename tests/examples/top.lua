-- The example shows the process that has most memory, and the one that computes most.
local proc = require "proc"

local top = { process.exec_path, "scripts/examples/top.lua" }
local function run(...)
  return proc.run(top[1], { top[2], ... })
end

local greedy <close> = assert(proc.spawn(process.exec_path,
  { "-e", "local s = ('x'):rep(300000000) print() process.stdin:read('a') print(#s)" }))
greedy.stdout:read("l")
local r = run("--count", 500):check()
local lines = r:lines()
assert(lines[1]:find(" cores, load ", 1, true), lines[1])
assert(lines[2]:find("PID USER", 1, true), lines[2])
local last
local seen = false
for i = 3, #lines do
  local pid, kb = lines[i]:match("^%s*(%d+) %S+%s+%a +[%d.]+ +(%d+)  ")
  assert(pid, lines[i])
  assert(not last or last >= tonumber(kb))
  last = tonumber(kb)
  if tonumber(pid) == greedy.pid then
    assert(tonumber(kb) > 290000, lines[i])
    seen = true
  end
end
assert(seen, r.stdout)
assert(#run("--count", 1):check():lines() == 3)

local busy <close> = assert(proc.spawn("sh", { "-c", "while :; do :; done" }))
lines = run("--by", "cpu", "--seconds", "0.2", "--count", 500):check():lines()
local percent
for _, line in ipairs(lines) do
  if line:match("^%s*(%d+) ") == tostring(busy.pid) then percent = line:match("%a +([%d.]+)") end
end
assert(tonumber(percent) > 0, percent)

for _, wrong in ipairs { { "x" }, { "--by", "name" }, { "--count", "x" }, { "--seconds" } } do
  local failed = run(table.unpack(wrong))
  assert(failed.code == 2 and failed.stderr:find("^top.lua: "), failed.stderr)
end
