-- A finalizer may start a child, also when it runs in the midst of another start.
local proc = require "procrun.proc"

local args, others, junk = {}, 0, nil
for i = 1, 8000 do args[i] = "a" end -- enough memory for a start to run the collector

for i = 1, 100 do
  args[1] = "main" .. i
  junk = {}
  for j = 1, 1000 + i * 37 % 1000 do junk[j] = {} end
  setmetatable({}, { __gc = function()
    if proc.spawn("/bin/true", { "other" }, { stdio = "ignore" }) then others = others + 1 end
  end })
  local child = assert(proc.spawn("/bin/echo", args))
  assert(child.spawnfile == "/bin/echo" and child.spawnargs[2] == args[1], child.spawnargs[2])
  local output = child:wait().stdout
  assert(output and output:find(args[1] .. " a a", 1, true), output)
end
assert(#junk > 0 and others > 20, others)
