-- timeout: 120
-- build: no-launch-uv
-- The other ways to make and to watch a child: the main tests again, by each of them.
local proc = require "procrun.proc"
local fs = require "procrun.fs"

local core = require "procrun.core.process"
local here = arg[0]:match("^(.*)/[^/]*$")
local names = { "stdio", "capture", "wait", "exec", "kill", "scope", "timeout", "events", "fork" }

if os.getenv("PROCRUN_LAUNCH") then return end -- forced from outside: that is tested anyway

local backend_of = "print(require 'procrun.core.process'.backend())"
local expected = { uv = "uv", ["clone-sigchld"] = "clone+sigchld" }
for kind, backend in pairs(expected) do
  local options = { extend_env = { PROCRUN_LAUNCH = kind }, timeout = 60, stderr = "stdout" }
  local got = proc.run(process.exec_path, { "-e", backend_of }, options):text()
  if got == core.backend() then
    print("skip: a build without test hooks")
    os.exit(77)
  end
  assert(got == backend, got)
  for _, name in ipairs(names) do
    local path = here .. "/" .. name .. ".lua"
    assert(fs.stat(path))
    local r = proc.run(process.exec_path, { path }, options)
    assert(r.ok, ("%s by %s: %s\n%s"):format(name, kind, tostring(r), r.stdout))
  end
end
