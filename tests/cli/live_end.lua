-- However a program with bars ends, the terminal is in order: a last line says how, the cursor is
-- shown, and what follows has a line of its own.
local check = require "tests.lib.check"
local screen = require "tests.lib.screen"

local file = check.write(check.tmp "end.lua", [[
local cli, fs, task = require "cli", require "fs", require "task"
local how = arg[1]
cli.progress(10, {text = "nobody closes it"}):set(3)
local bar <close> = cli.progress(100, {text = "work"})
bar:set(50)
fs.write(arg[2], tostring(process.pid))
if how == "error" then task.sleep(0.1) error "went wrong" end
if how == "exit" then task.sleep(0.1) os.exit(3) end
if how == "return" then task.sleep(0.1) return end
if how == "busy" then while true do bar:add(0) end end
task.sleep(60)]])

-- The screen after the end, the exit status, and where the cursor is.
local function run(how, act)
  local pid_file = check.tmp("pid." .. how)
  local s <close> = screen.open(("$PROCRUN %s %s %s; echo next"):format(file, how, pid_file),
    {columns = 60, rows = 20, env = {LC_ALL = "C.UTF-8"}})
  if act then
    s:wait_until("both bars", function(text) return text:find "3/10[^\n]*\nwork [^\n]*50/100" end)
    act(s, tonumber(check.read(pid_file)))
  end
  s:ended()
  local text = s:wait_until("what follows", function(now) return now:find "\nnext$" end)
  local _, _, shown = s:cursor()
  check.eq(shown, true, how)
  return text
end

local function kill(signal)
  return function(_, pid) assert(os.execute(("kill -%s %d"):format(signal, pid))) end
end

check.matches(run "error", "work: failed at 50/100 after", "end.lua:7: went wrong\n")
check.matches(run "exit", "work: cancelled at 50/100 after")
check.matches(run "return", "work: stopped at 50/100 after", "nobody closes it")
local text = run("interrupt", function(s) s:keys "C-c" end)
check.matches(text, "work: cancelled at 50/100")
check.lacks(text, "work █")
check.matches(run("term", kill "TERM"), "work: cancelled at 50/100")
check.matches(run("hup", kill "HUP"), "work: cancelled at 50/100")
check.matches(run("busy", function(s) s:keys "C-c" end), "work: cancelled at 50/100")

-- Nothing can be done then; but nothing is left that would have to be
local s <close> = screen.open(("$PROCRUN %s sleep %s; echo next"):format(file, check.tmp "pid"),
  {columns = 60, rows = 20})
s:wait_for "50/100"
kill "KILL"(s, tonumber(check.read(check.tmp "pid")))
s:ended()
s:wait_for "next"
check.eq(select(3, s:cursor()), true)
