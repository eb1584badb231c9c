-- Files of io.popen that nobody closes: the collector, and the end of the program, do it as in Lua.
local check = require "tests.lib.check"
local task = require "procrun.task"

-- Collected: the command sees the end of its input, ends, and is reaped; nobody waits meanwhile.
local out = check.tmp("out")
local function leave()
  local f = io.popen(("cat >'%s'; echo end >>'%s'"):format(out, out), "w")
  f:write("left\n")
end
leave()
collectgarbage()
collectgarbage()
local text
repeat
  task.sleep("5ms")
  local f <close> = io.open(out)
  text = f and f:read("a") or ""
until text == "left\nend\n"

-- At the end: what was written arrives, commands are waited for, readers' pipes are closed.
local r = check.run [[
  Keep = {io.popen("cat; echo one", "w"), io.popen("yes"), io.popen("sleep 0.2; echo two >&2")}
  assert(Keep[2]:read() == "y")
  print("last")
  io.stdout:flush()
  Keep[1]:write("text\n")]]
check.eq(r.code, 0)
check.eq(r.out, "last\ntext\none\n")
check.eq(r.err, "two\n")

-- A cancel in read or close: the command is still reaped, and nothing is left open.
r = check.run [[
  local task = require "task"
  local f = io.popen("sleep 0.2", "r")
  print(task.timeout(0.01, f.read, f))
  print(task.timeout(0.01, f.close, f))
  print(io.type(f))]]
check.eq(r.out, "nil\ttimeout\tETIMEDOUT\nnil\ttimeout\tETIMEDOUT\nclosed file\n")
check.eq(r.err, "")
check.eq(r.code, 0)

-- Where Lua cannot yield they block.
local list = {}
local _ = ("abc"):gsub(".", function(letter)
  local f = io.popen("sleep 0.01; echo " .. letter)
  list[#list + 1] = f:read()
  assert(f:close())
end)
check.eq(table.concat(list), "abc")

-- SIGTERM ends them with us.
r = check.run [[
  local f = io.popen("echo $$; exec sleep 1000")
  print(f:read())
  io.stdout:flush()
  require "procrun.process".kill(process.pid, "SIGTERM")
  f:read()]]
check.eq(r.code, 128 + 15)
local stat = io.open(("/proc/%d/stat"):format(r.out))
assert(not stat or stat:read("a"):find("%) Z"), "it still runs")
