-- Who keeps the program alive: a running process does, until it is forgotten; one with autokill
-- does not, and is gone when the program has ended.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"

local r = check.run [[
  local proc = require "proc"
  proc.exec("/bin/sh", {"-c", "read x </dev/null; sleep .05; echo child"})
  print "script"
]]
check.eq(r.out, "script\nchild\n")

-- autokill: positional and by name
for _, call in ipairs {
  [[proc.exec("sleep", {1000}, nil, nil, nil, nil, nil, true)]],
  [[proc.exec {cmd = "sleep", args = {1000}, autokill = true}]],
  [[proc.exec {cmd = "sleep", args = {1000}, autokill = "tree"}]],
  [[proc.popen_async {cmd = "sleep", args = {1000}, autokill = true, open_stdout = true}]],
  [[proc.exec_luafile {script = arg[1], autokill = true}]],
} do
  local busy = check.write(check.tmp("busy.lua"), "require 'task'.sleep(1000)")
  r = check.run("local proc = require 'proc' print(" .. call .. ".id)", nil, "'" .. busy .. "'")
  check.eq(r.err, "")
  check.eq(r.code, 0)
  luapower.gone(assert(tonumber(r.out)))
end

-- forgotten: it goes on after us
r = check.run [[
  local proc = require "proc"
  local p = proc.exec("sleep", {1000})
  p:forget()
  print(p.id)
]]
check.eq(r.code, 0)
local pid = assert(tonumber(r.out))
assert(require "procrun.fs".exists("/proc/" .. pid), "it has ended with its parent")
assert(os.execute("kill -9 " .. pid))
luapower.gone(pid)

-- a task that waits for one with autokill keeps the program
r = check.run [[
  local proc = require "proc"
  local p = proc.exec {cmd = "/bin/sh", args = {"-c", "sleep .05; exit 3"}, autokill = true}
  print(p:wait())
]]
check.eq(r.out, "3\n")
