-- exit_code and status ask anew: a loop that lets nothing else run sees the end.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

if require "procrun.core.process".backend() == "uv" then
  print("skip: with libuv's launch only the loop sees the end of a child")
  os.exit(77)
end

local p = assert(proc.exec("/bin/sh", { "-c", "exit 3" }))
local told = task.queue(1)
p:on("exit", function(code) told:put(code) end)
local waiter = task.spawn(p.wait, p)
local code, why
repeat
  code, why = p:exit_code()
  check.eq(why, not code and "active" or nil)
until code
check.eq(code, 3)
check.eq(told:get(10), 3)
check.eq(waiter:wait(), 3)
check.values({ p:kill() }, nil, "invalid pid", "ESRCH")

local child = assert(proc.spawn("/bin/sh", { "-c", "echo text; kill $$" }))
repeat local status = child:status() until status ~= "active"
check.values({ child:exit_code() }, nil, "killed", 15, "SIGTERM", false)
check.eq(child:wait().stdout, "text\n")

-- many, while they are killed and forgotten
for i = 1, 50 do
  local one <close> = assert(proc.exec(i % 2 == 0 and "true" or "sleep", { 60 }))
  one:kill()
  if i % 3 == 0 then one:forget() end
  repeat local _, state = one:exit_code() until state ~= "active"
end
while check.read("/proc/thread-self/children") ~= "" do task.sleep(0.002) end
