-- What keeps a process alive by a time limit alone: task.timeout around a wait that has none, and a
-- look every so often for the other end of a FIFO.
local fs = require "procrun.fs"
local procrun = require "procrun.procrun"
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"
local check = require "tests.lib.check"

local never = task.event()
local limited = task.spawn(function() task.timeout("100s", never.wait, never) end)
limited.name = "limited"
task.sleep(0)

local s = procrun.snapshot()
assert(s.kept_alive_by[2]:find("^task %d+ 'limited'.-%(an event, 100%.%d s more at most%)$")
  or s.kept_alive_by[2]:find("^task %d+ 'limited'.-%(an event, 99%.%d s more at most%)$"),
  table.concat(s.kept_alive_by, "; "))
assert(s.tasks[2].alive and s.tasks[2].times_out_in > 50)
limited:cancel()

-- A child tells, as whoever looks here would be what keeps the process alive.
local fifo = check.tmp "fifo"
assert(proc.run("mkfifo", {fifo}).ok)
local script = ("print 'ready' io.open(%q)"):format(fifo)
local child <close> = proc.spawn(process.exec_path, {"-e", script})
assert(child.stdout:read() == "ready")
local err, stop = "", timer.now() + 20
repeat -- it may just be looking
  assert(timer.now() < stop, err)
  child:kill("SIGUSR1")
  repeat err = err .. assert(child.stderr:read_some()) until err:find "tasks %(1%):.*\n    at"
until err:find("alive by: the main task (the other end of FIFO " .. fifo .. ")", 1, true)
assert(not err:find "deadlock", err)
child:kill()
assert(fs.remove(fifo))
