-- While a line is typed timers and tasks go on: what they print stands above it, and it is whole
-- afterwards. An error in one is told and does not end the session; a wait for ever is no deadlock.
local repl = require "tests.lib.repl"

repl.each(function(t, library)
  t:enter("timer.after(0.05, print, 'from a timer')", "> ")
  t:send "x = 40"
  t:expect "from a timer\n"
  if library ~= "none" then t:expect "> x = 40" end
  t:send " + 2\r"
  t:expect "> "
  t:answers("x", "^42\n")
  t:enter("task.spawn(function() task.sleep(0.01) error 'in a task' end)", "> ")
  t:expect "in a task\n"
  t:expect "in task "
  t:expect "\n"
  if library ~= "none" then t:expect "> " end
  t:answers("x", "^42\n")
  t:enter("print 'begun' task.event():wait()", "begun\n")
  t:send "\3"
  t:expect "interrupted"
  t:expect "> "
end)
