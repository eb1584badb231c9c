-- autokill = "tree": a guard that stands still for a while delays children, and fails none of them;
-- one that does not go on does not hold up our end.
local proc = require "procrun.proc"

if require "procrun.core.process".backend() == "uv" then
  print("skip: there a child that could not tell the guard is not started again")
  os.exit(77)
end

local function start()
  return assert(proc.spawn("sleep", { 0.1 }, { autokill = "tree", stdio = "ignore" }))
end

start()
local guard -- its name may not be there yet
for _, one in ipairs(proc.list { ppid = process.pid }) do
  if one.argv[2] == "--procrun-guard" then guard = one.pid end
end
assert(process.kill(guard, "STOP"))
local wakes = proc.spawn("sh", { "-c", "sleep 0.2; kill -CONT " .. guard })
local children = {}
for i = 1, 400 do children[i] = start() end
assert(wakes:wait().ok)
for _, child in ipairs(children) do assert(child:wait().ok) end
assert(process.kill(guard, "STOP"))
