-- Samples that come while coroutines begin and end inside each other: each finds whole frames.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local result = proc.run(process.exec_path, {"--profile=" .. check.tmp "profile.txt",
  "--profile-interval=0.1ms", "-e", [[
  local count = 0
  local function leaves(depth)
    return coroutine.wrap(function()
      for _ = 1, depth > 0 and 2 or 0 do
        for value in leaves(depth - 1) do coroutine.yield(value) end
      end
      coroutine.yield(depth)
    end)
  end
  local stop = os.clock() + 1
  while os.clock() < stop do
    for _ in leaves(8) do count = count + 1 end
  end
  print(count % 511 == 0 and count > 0)]]}, {timeout = "60s"})
assert(result.ok and result.stdout == "true\n", tostring(result) .. result.stdout)
