-- Ctrl-Z suspends, fg comes back to the line that was typed; a change of the terminal's size and
-- children that use the terminal do no harm.
local repl = require "tests.lib.repl"
local terminal = require "tests.lib.terminal"

if not os.execute "bash --version >/dev/null 2>&1" then
  print "skip: bash is not installed"
  os.exit(77)
end
for _, library in ipairs {"readline", "libedit"} do
  if repl.has(library) then
    local t <close> = terminal.open("bash --norc --noprofile --noediting -i",
      {PROCRUN_READLINE = library, PROCRUN_HISTORY = "", TERM = "xterm",
      INPUTRC = "/dev/null", LC_ALL = "C.UTF-8"})
    t:send "PS1='sh''$ '\r"
    t:expect "sh$ "
    t:send(("'%s'\r"):format(repl.procrun))
    t:expect "leave.\n"
    t:expect "> "
    t:send "x = 40"
    t:expect "x = 40"
    t:send "\26"
    t:expect "Stopped"
    t:expect "sh$ "
    t:send "echo in the shell\r"
    t:expect "\nin the shell"
    t:send "fg\r"
    t:expect "> x = 40"
    t:send " + 2\r"
    t:expect "+ 2\n"
    t:expect "> "
    t:answers("x", "^42\n")
    t:answers("os.execute 'stty cols 30'", "^true")
    t:send "'häßlich 日本 und länger als eine Zeile'"
    t:expect "Zeile'"
    t:send "\r"
    t:expect '"häßlich 日本 und länger als eine Zeile"\n'
    t:expect "> "
    t:send "os.execute 'kill -TSTP 0; echo again'\r"
    t:expect "Stopped"
    t:expect "sh$ "
    t:send "\rfg\r" -- bash may lose the first key after a job has stopped
    t:expect "again\n"
    t:expect "> "
    t:answers("1", "^1\n")
    t:send "\4" -- and not by the end of the terminal: nobody would wait for it
    t:expect "sh$ "
    t:send "exit\r"
    t:finish()
  end
end
