-- LP-5: whatever fails on the way to a program with autokill, no child comes back into the script.
local check = require "tests.lib.check"

local r = check.run [[
  local proc = require "proc"
  assert(proc.exec{cmd = "/bin/sh", args = {"-c", "exit 5"}, autokill = true}:wait() == 5)
  assert(proc.exec("/bin/sh", {"-c", "exit 6"}, nil, nil, nil, nil, nil, true):wait() == 6)
  for _, call in ipairs {
    {cmd = "/nope"}, {cmd = "/bin/sh", dir = "/nope"}, {cmd = "/etc/passwd"}, {cmd = "/"},
  } do
    call.autokill = true
    print(select("#", proc.exec(call)), (proc.exec(call)))
  end
  print(require "procrun.fs".read("/proc/thread-self/children"))
  print("end")
]]
check.eq(r.err, "")
check.eq(r.out, ("4\tnil\n"):rep(4) .. "\nend\n")
check.eq(r.code, 0)
