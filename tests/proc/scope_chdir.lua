-- process.chdir: inside of a scope it moves the scope, for this task; outside it moves the process,
-- and with it all tasks that are in no scope.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
local start = process.cwd()
fs.mkdir_p(root .. "/a/inner")
fs.mkdir_p(root .. "/b")

local function is(dir)
  check.eq(process.cwd(), dir)
  check.eq(fs.realpath ".", dir)
  check.eq(proc.run("pwd"):text(), dir)
end

do
  local _ <close> = assert(proc.scope { cwd = root .. "/a" })
  local other <close> = assert(proc.scope { extend_env = { X = "1" } })
  check.eq(process.chdir "inner", true)
  is(root .. "/a/inner")
  check.eq(os.getenv "X", "1")
  task.spawn(function()
    is(root .. "/a/inner")
    check.eq(process.chdir(root .. "/b"), true) -- what it was started with
    is(root .. "/b")
    do
      local _ <close> = assert(proc.scope { cwd = "../a" })
      is(root .. "/a")
    end
    is(root .. "/b")
  end):wait()
  is(root .. "/a/inner")
  check.values(table.pack(process.chdir "nope"), nil, "chdir nope: no such file or directory",
    "ENOENT")
  is(root .. "/a/inner")
  other:close()
  is(root .. "/a/inner")
end
is(start)

-- Outside, while another task is in a scope.
local gate = task.event()
local inside = task.spawn(function()
  local _ <close> = assert(proc.scope { cwd = root .. "/a" })
  gate:wait()
  is(root .. "/a")
end)
local plain = task.spawn(function()
  gate:wait()
  is(root)
end)
task.sleep(0)
is(start)
check.eq(process.chdir(root), true)
is(root)
gate:set()
inside:wait()
plain:wait()
is(root)
do
  local _ <close> = assert(proc.scope { cwd = "b" })
  is(root .. "/b")
end
is(root)
