-- repl.start on the terminal returns when its prompt is left, and can begin another.
local repl = require "tests.lib.repl"
local terminal = require "tests.lib.terminal"

local code = "r = require [[procrun.repl]] r.start() print [[between]] r.start {prompt = [[? ]]}"
for _, library in ipairs {"readline", "libedit"} do
  if repl.has(library) then
    local env = {PROCRUN_READLINE = library, PROCRUN_HISTORY = "", PROCRUN_CHECK = "1",
      TERM = "xterm", INPUTRC = "/dev/null"}
    -- libedit does not free the lines of its history when it is used again.
    if library == "libedit" then env.ASAN_OPTIONS = "detect_leaks=0" end
    local t <close> = terminal.open(("'%s' -e '%s'"):format(repl.procrun, code), env)
    t:expect "leave.\n"
    t:expect "> "
    t:answers("y = 4", "^$")
    t:send "\4"
    t:expect "between\n"
    t:expect "? "
    local text = t:enter("y + 1", "? ")
    assert(text == "5\n", ("%s: %q"):format(library, text))
    t:send "\4"
    assert(t:finish() == 0)
  end
end
