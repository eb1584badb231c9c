-- A listener that waits keeps the program until it is done; the signal behind it is told as well.

local check = require "tests.lib.check"

local r = check.run([[
local task = require "task"
process:on("SIGUSR1", function() print "usr1" task.sleep(0.3) print "usr1 is done" end)
process:on("SIGTERM", function() print "term" os.exit(3) end)
os.execute("kill -USR1 $PPID; kill -TERM $PPID")
task.sleep(0.1)
print "main is over"
]])
check.has(r.out, "main is over\nusr1 is done\n")
check.has(r.out, "term")
check.eq(r.code, 3)
