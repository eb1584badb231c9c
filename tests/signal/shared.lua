-- Several who wait for a signal all get it; closing one leaves the others.
local signal = require "procrun.signal"
local task = require "procrun.core.task"

local a <close> = assert(signal.open("USR1"))
local b = assert(signal.open { "USR1", "USR2" })
os.execute("kill -USR1 $PPID")
assert(select("#", a:wait(20)) == 1 and b:wait(20) == "SIGUSR1")

local ended = task.spawn(function() return b:wait() end)
task.yield()
b:close()
b:close()
local name, message, code = ended:wait()
assert(name == nil and type(message) == "string" and code == "ECANCELED")
os.execute("kill -USR1 $PPID")
assert(a:wait(20) == "SIGUSR1")
local ok, err = pcall(b.wait, b)
assert(not ok and err:find("closed", 1, true), err)
