-- LP-1: without env a child inherits the environment; it is not empty.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

proc.setenv("LP_TEST", "ours")
local script = "echo $LP_TEST; /usr/bin/env | /usr/bin/wc -l"
local ours = 0
for _ in pairs(proc.env()) do ours = ours + 1 end

for _, start in ipairs {
  function(out) return proc.exec("/bin/sh", { "-c", script }, nil, nil, nil, out) end,
  function(out) return proc.exec { cmd = "/bin/sh", args = { "-c", script }, stdout = out } end,
  function(out) return proc.exec { "/bin/sh", "-c", script, stdout = out } end,
  function(out) return proc.exec({ "/bin/sh", "-c", script }, nil, nil, nil, out) end,
} do
  local value, count = luapower.output(start):match("^(.-)\n%s*(%d+)")
  check.eq(value, "ours")
  assert(tonumber(count) >= ours, count .. " variables, " .. ours .. " here")
end

-- an empty one is empty
local text = luapower.output(function(out)
  return proc.exec("/usr/bin/env", {}, {}, nil, nil, out)
end)
check.eq(text, "")
