-- A dropped child runs on with its pipes open; after its end nothing of it is kept.
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

local pid
do
  local child = assert(proc.spawn("cat", { stdio = { "pipe", "ignore", "ignore" } }))
  pid = child.pid
end
local weak = setmetatable({}, { __mode = "k" })
for _ = 1, 3 do
  collectgarbage()
  task.sleep(0.01)
end
-- its standard input is open still: it would have ended otherwise
assert(proc.run("kill", { "-0", pid }).ok)
assert(io.open("/proc/" .. pid .. "/stat"):read("a"):find("%(cat%) [SR]"))
assert(proc.run("kill", { pid }).ok)

-- children that have ended are let go
for _ = 1, 100 do weak[assert(proc.spawn("true", { stdio = "ignore" }))] = true end
local stop = timer.now() + 20
local left
repeat
  task.sleep(0.01)
  for _ = 1, 40 do assert(proc.spawn("true", { stdio = "ignore" })):wait(10) end
  collectgarbage()
  left = 0
  for _ in pairs(weak) do left = left + 1 end
until left == 0 or timer.now() > stop
assert(left == 0, left .. " children are kept")
