-- timeout: 240
-- build: no-launch-uv no-sanitize
-- Kernels and sandboxes that lack something, played by strace: what is missing is learnt at the
-- first child, and the main tests pass without it.
local proc = require "procrun.proc"
local task = require "procrun.task"

local here = arg[0]:match("^(.*)/[^/]*$")
local names = { "stdio", "wait", "kill", "scope", "failures", "fork" }

if os.getenv("PROCRUN_LAUNCH") then return end -- forced from outside: the rest is not in force
if not proc.run("strace", { "-qq", "-o", "/dev/null", "true" }).ok then
  print("skip: strace is not there, or may not trace")
  os.exit(77)
end

local two_children = [[
  local proc = require "procrun.proc"
  for _ = 1, 2 do proc.run("/bin/true"):check() end
  io.write(require "procrun.core.process".backend())
]]

local function traced(inject, args)
  local command = { "-qq", "-o", "/dev/null" }
  for _, what in ipairs(inject) do
    command[#command + 1] = what:find("^%-") and what or "--inject=" .. what
  end
  command[#command + 1] = process.exec_path
  table.move(args, 1, #args, #command + 1, command)
  return proc.run("strace", command, { timeout = 100, stderr = "stdout" })
end

-- With -f also in children, where close_range is called.
task.map({
  { "clone+pidfd+close_range", "clone3:error=ENOSYS" },
  { "clone3+pidfd", "-f", "--seccomp-bpf", "--trace=close_range", "close_range:error=ENOSYS" },
  { "clone3+sigchld+close_range", "clone:error=EINVAL:when=1" },
  { "fork+pidfd+close_range", "clone:error=EINVAL:when=1..2" },
  { "clone3+pidfd+close_range", "pidfd_open:error=ENOSYS", "pidfd_send_signal:error=ENOSYS" },
}, 2, function(case)
  local expected, inject = case[1], table.move(case, 2, #case, 1, {})
  local r = traced(inject, { "-e", two_children })
  assert(r.ok and r.stdout == expected, tostring(r) .. " " .. r.stdout)
  for _, name in ipairs(names) do
    local script = { ("%s/%s.lua"):format(here, name) }
    r = traced(inject, script)
    if r.stdout:find "strace: ptrace" then r = traced(inject, script) end -- strace itself failed
    local what = table.concat(inject, " ")
    assert(r.ok, ("%s with %s: %s\n%s"):format(name, what, tostring(r), r.stdout))
  end
end)
