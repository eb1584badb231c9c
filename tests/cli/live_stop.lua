-- Ctrl-Z and back: what the shell has shown meanwhile stays. In the background nothing is drawn.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local screen = require "tests.lib.screen"

if not proc.which "bash" then
  print "skip: bash is not installed"
  os.exit(77)
end

local file = check.write(check.tmp "stop.lua", [[
local cli, task = require "cli", require "task"
local a, b = cli.progress(100, {text = "one"}), cli.progress(100, {text = "two"})
for i = 1, 10000 do a:set(i % 97) b:set(i % 89) task.sleep(0.02) end]])

local s <close> = screen.open("PS1='shell> ' bash --norc --noprofile -i", {columns = 70, rows = 20})
s:wait_for "shell>"
s:keys("$PROCRUN " .. file, "Enter")
s:wait_until("two bars", function(text) return text:find "\none [^\n]*\ntwo [^\n]*%%" end)
s:keys "C-z"
s:wait_for "Stopped"
s:keys("echo $((6 * 7)) while it is stopped", "Enter")
s:wait_for "42 while it is stopped"
s:keys("bg", "Enter")
s:keys("echo $((2 * 50)) in the background", "Enter")
s:wait_for "100 in the background"
s:keys("sleep 0.5; echo $((1 + 1)) later", "Enter")
s:wait_for "2 later"
check.has(s:text(), "100 in the background\nshell> sleep 0.5; echo $((1 + 1)) later\n2 later")
s:keys("fg", "Enter")
local text = s:wait_until("the bars again", function(now)
  return now:find "\nshell> fg\n[^\n]*stop.lua\none [^\n]*%%[^\n]*\ntwo [^\n]*%%[^\n]*$"
end)
check.has(text, "42 while it is stopped")
s:keys "C-c"
text = s:wait_until("the prompt", function(now) return now:find "shell>$" end)
check.has(text, "100 in the background")
