-- What came of a labelled, held or copied output is shown when the child is ended, or we are.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local SLOW <const> = [[trap 'echo caught; printf bye; exit 3' TERM; printf 'half '; echo ready >&2
  read line]]

-- a timeout, a cancel, a block that is left; a grandchild that keeps the pipe
local ran = check.run(([[
  local proc, task = require "procrun.proc", require "procrun.task"
  local slow = %q
  for _, way in ipairs { { label = "l" }, { output = "group" }, { capture = "tee" } } do
    way.capture = way.capture or false
    way.timeout = 0.2
    way.stderr, way.stdin = "ignore", "pipe"
    local r = proc.run("sh", { "-c", slow }, way)
    assert(r.timed_out and r.code == 3)
    print()
    way.timeout, way.stderr = nil, "pipe"
    way.stdout = way.capture == false and "inherit" or nil
    way.capture = way.capture and { stdout = way.capture } or nil
    do
      local child <close> = assert(proc.spawn("sh", { "-c", slow }, way))
      assert(child.stderr:read() == "ready")
    end
    print()
  end
  local began = proc.clock()
  local r = proc.run("sh", { "-c", "printf kept; sleep 60 & sleep 60" },
    { timeout = 0.2, label = "g", capture = false, kill_signal = "KILL" })
  assert(r.timed_out and proc.clock() - began < 10)
]]):format(SLOW))
assert(ran.code == 0, ran.err)
check.eq(ran.out, ("l | half caught\nl | bye\n\n"):rep(2) .. ("half caught\nbye\n"):rep(4)
  .. "g | kept\n")

-- the end of this process: by a signal, by an exit, by an error
local function ends(options, how, wanted)
  local script = ([[
    local proc = require "procrun.proc"
    local child = assert(proc.spawn("sh", { "-c", %q },
      { stdin = "pipe", stdout = "inherit", stderr = "pipe", autokill = true, %s }))
    assert(child.stderr:read() == "ready")
    %s
  ]]):format(SLOW, options, how)
  local r = proc.run(process.exec_path, { "-e", script }, { timeout = 20 })
  check.eq(r.stdout, wanted)
  return r
end
for _, how in ipairs { "os.exit(0)", "error 'no'", "process.kill(process.pid, 'TERM')" } do
  ends("label = 'l'", how .. " require 'procrun.task'.sleep(60)", "l | half caught\nl | bye\n")
  ends("output = 'group'", how .. " require 'procrun.task'.sleep(60)", "half caught\nbye")
  ends("capture = { stdout = 'tail' }", how .. " require 'procrun.task'.sleep(60)",
    "half caught\nbye")
end
local r = ends("label = 'l'", "process.kill(process.pid, 'INT') require 'procrun.task'.sleep(60)",
  "l | half caught\nl | bye\n")
assert(r.signal == "SIGINT" or r.code == 130, tostring(r))
