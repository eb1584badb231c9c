-- Bars and the prompt share the terminal: while a line is edited there are none, while one runs
-- they stand below what it prints.
local check = require "tests.lib.check"
local repl = require "tests.lib.repl"
local screen = require "tests.lib.screen"

for _, library in ipairs {"readline", "libedit"} do
  if repl.has(library) then
    local s <close> = screen.open("$PROCRUN", {columns = 70, rows = 20, env = {
      PROCRUN_HISTORY = "", PROCRUN_READLINE = library, INPUTRC = "/dev/null",
      LC_ALL = "C.UTF-8"}})
    s:wait_for "\n>"
    s:keys("b = cli.progress(50) for i = 1, 20 do b:add() task.sleep(0.05) end", "Enter")
    s:wait_until("a bar", function(text) return text:find "%d%d/50[^\n]*$" end)
    s:wait_until("the prompt", function(text) return text:find "\n>$" end)
    s:keys("task.spawn(function() while b.value < 50 do b:add() task.sleep(0.02) end print 'x' "
      .. "end)", "Enter")
    s:keys "40 +"
    s:wait_until("the printed one", function(text) return text:find "\nx\n> 40 %+$" end)
    s:keys(" 2", "Enter")
    local text = s:wait_until("the answer", function(now) return now:find "\n42\n>$" end)
    check.lacks(text, "/50")
  else
    print(library .. " is not installed: not tried")
  end
end
