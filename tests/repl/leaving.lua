-- However the prompt ends, the terminal is as it was before: Ctrl-D, .exit, os.exit in a line or a
-- timer, a signal, a crash.
-- build: no-sanitize
local repl = require "tests.lib.repl"
local terminal = require "tests.lib.terminal"

local ways = {
  {keys = "\4", code = 0},
  {keys = ".exit\r", code = 0},
  {keys = "os.exit(3)\r", code = 3},
  {keys = "timer.after(0.01, os.exit, 4)\r", code = 4},
  {keys = "timer.after(0.01, process.kill, process.pid, 'TERM')\rx = 1 +", code = 143},
  {keys = "timer.after(0.01, process.kill, process.pid, 'SEGV')\rx = 1 +", code = 139},
  {keys = "process.exit_code = 5\r\4", code = 5},
}

for _, library in ipairs {"readline", "libedit", "none"} do
  for _, way in ipairs(repl.has(library) and ways or {}) do
    local command = ("sh -c 'stty -g; \"%s\"; echo status $?; stty -g'"):format(repl.procrun)
    local t <close> = terminal.open(command, {PROCRUN_READLINE = library, PROCRUN_HISTORY = "",
      TERM = "xterm", INPUTRC = "/dev/null"})
    local before = t:expect "procrun"
    t:expect "> "
    t:send(way.keys)
    t:expect "status "
    local code, after = t:expect "\n", select(2, t:finish())
    if code ~= tostring(way.code) then
      error(("%s: %q: status %s: %s"):format(library, way.keys, code, after))
    end
    after = after:match "status %d+\n([%x:]+)\n"
    local same = before:match "[%x:]+\n$" == after .. "\n"
    if not same then error(("%s: %q: %s"):format(library, way.keys, after)) end
  end
end
