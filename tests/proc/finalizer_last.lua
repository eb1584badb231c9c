-- A finalizer that starts a child while the state closes: the child runs, and nothing of it is left
-- here (a build with sanitizers looks for memory).
local proc = require "procrun.proc"
local check = require "tests.lib.check"

local mark = check.tmp("mark")
local r = proc.run(process.exec_path, { "-e", ([[
  local proc = require "procrun.proc"
  KEPT = setmetatable({}, {__gc = function()
    local child = proc.spawn("touch", {%q}, {stdio = "ignore"})
    print(child.pid)
  end})
]]):format(mark) }, { extend_env = { PROCRUN_CHECK = false } })
assert(r.ok and tonumber(r.stdout), tostring(r) .. r.stderr)
local timer = require "procrun.timer"
local fs = require "procrun.fs"
local stop = timer.now() + 20
while not fs.stat(mark) and timer.now() < stop do proc.run("sleep", { 0.01 }) end
assert(fs.stat(mark))
