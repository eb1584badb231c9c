-- timeout: 240
-- build: no-launch-uv
-- The other ways to make and to watch a child, each forced: the main tests again, by each of them.
local proc = require "procrun.proc"
local fs = require "procrun.fs"
local task = require "procrun.task"

local core = require "procrun.core.process"
local here = arg[0]:match("^(.*)/[^/]*$")
local names = {
  "stdio", "capture", "wait", "exec", "kill", "scope", "timeout", "events", "fork", "failures",
}

if os.getenv("PROCRUN_LAUNCH") then return end -- forced from outside: that is tested anyway

local backend_of = "print(require 'procrun.core.process'.backend())"
local function options_of(kind)
  return { extend_env = { PROCRUN_LAUNCH = kind }, timeout = 60, stderr = "stdout" }
end

local function backend(kind)
  return proc.run(process.exec_path, { "-e", backend_of }, options_of(kind)):text()
end

if backend("uv") == core.backend() then
  print("skip: a build without test hooks")
  os.exit(77)
end

local kinds = {
  { "uv", "uv" },
  { "clone-sigchld", "clone3+sigchld+close_range" },
  { "clone-noclear", "clone+pidfd+close_range" },
  { "clone-norange", "clone3+pidfd" },
  { "fork-pidfd", "fork+pidfd+close_range" },
  { "fork-sigchld", "fork+sigchld" },
}
task.map(kinds, 2, function(kind)
  local forced, expected = table.unpack(kind)
  local got = backend(forced)
  assert(got == expected, got)
  for _, name in ipairs(names) do
    local path = here .. "/" .. name .. ".lua"
    assert(fs.stat(path))
    local r = proc.run(process.exec_path, { path }, options_of(forced))
    assert(r.ok, ("%s by %s: %s\n%s"):format(name, forced, tostring(r), r.stdout))
  end
end)
