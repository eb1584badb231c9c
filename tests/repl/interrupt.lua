-- Ctrl-C cancels the line that is typed or what runs, a busy loop too; <close> handlers run, and
-- the second one does not wait for them. A child in the background survives it at the prompt.
local repl = require "tests.lib.repl"

repl.each(function(t, library)
  t:send "half a line"
  t:expect "half a line"
  t:send "\3"
  t:expect "^C"
  t:expect "> "
  t:answers("1", "^1\n")
  t:enter("function f()", ">> ")
  t:send "\3"
  t:expect "^C"
  t:expect "> "
  t:answers("f", "^nil\n")
  t:enter("function busy(what) print(what) while true do end end", "> ")
  for _, line in ipairs {"print 'begun' task.sleep(60)", "busy 'begun'", "pcall(busy, 'begun')",
    "coroutine.wrap(busy)('begun')"} do
    t:enter(line, "begun\n")
    t:send "\3"
    t:expect "interrupted\n"
    t:expect "> "
  end
  t:enter("guard = setmetatable({}, {__close = function() print 'closed' end})", "> ")
  t:enter("do local g <close> = guard print 'begun' task.sleep(60) end", "begun\n")
  t:send "\3"
  t:expect "closed\n"
  t:expect "interrupted\n"
  t:expect "> "
  t:enter("go = task.event()", "> ")
  t:enter("slow = setmetatable({}, {__close = function() print 'slow' go:wait() end})", "> ")
  t:enter("do local g <close> = slow print 'begun' task.sleep(60) end", "begun\n")
  t:send "\3"
  t:expect "slow\n"
  t:send "\3"
  t:expect "interrupted" -- while the handler waits, or by an error in it
  t:expect "\n> "
  t:enter("go:set()", "> ")
  -- the busy one is a task of the background
  t:enter("task.spawn(busy, 'in the background')", "in the background\n")
  t:send "\3"
  t:expect "interrupted a task in the background\n"
  t:expect "> "
  if library ~= "none" then
    t:enter("child = proc.spawn('sleep', {60})", "> ")
    t:send "typed"
    t:expect "typed"
    t:send "\3"
    t:expect "> "
    t:answers("child:status()", '^"active"')
    t:enter("child:kill()", "> ")
  end
end)
