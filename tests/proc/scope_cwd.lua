-- scope{cwd}: whatever takes a relative name in the task takes it from there: children, programs,
-- Lua's own functions, paths; relative directories nest; outside nothing has changed.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local path = require "procrun.path"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
local start = process.cwd()
fs.mkdir_p(root .. "/a/b")
fs.write(root .. "/a/name", "in a\n")
fs.write(root .. "/a/b/name", "in b\n")
fs.write(root .. "/a/tool", "#!/bin/sh\npwd\n", { mode = "755" })
fs.write(root .. "/a/chunk.lua", "return ...")
fs.write(root .. "/a/worker.lua", "process.send { process.cwd(), process.script_dir }")

local function everything(dir, name)
  check.eq(process.cwd(), dir)
  check.eq(fs.cwd(), dir)
  check.eq(path.absolute "x", dir .. "/x")
  check.eq(proc.run("pwd"):text(), dir)
  check.eq(proc.run("cat", { "name" }).stdout, name)
  check.eq(proc.run { "cat", "name" }.stdout, name)
  check.eq(proc.spawn("cat", { "name" }):wait().stdout, name)
  check.eq(proc.exec("cat name"):wait().stdout, name)
  check.eq(proc.exec_file("cat", { "name" }):wait().stdout, name)
  check.eq(proc.pipeline({ "cat", "name" }, { "cat" }).stdout, name)
  check.eq(io.popen("cat name"):read "a", name)
  check.eq(os.execute "test -e name", true)
  check.eq(fs.read "name", name)
  check.eq(io.open("name"):read "a", name)
  check.eq(io.lines("name", "a")(), name)
  local out = assert(io.open("out", "w"))
  local child <close> = proc.exec("pwd", nil, nil, nil, nil, out)
  child:wait()
  out:close()
  check.eq(fs.read "out", dir .. "\n")
  check.eq(os.rename("out", "other"), true)
  check.eq(fs.exists(dir .. "/other"), true)
  check.eq(os.remove "other", true)
  check.eq(fs.exists(dir .. "/other"), false)
end

do
  local _ <close> = assert(proc.scope { cwd = root .. "/a" })
  everything(root .. "/a", "in a\n")
  check.eq(proc.run "./tool":text(), root .. "/a")
  check.eq(proc.which "./tool", "./tool")
  check.eq(proc.which "tool", nil)
  check.eq(loadfile "chunk.lua" (7), 7)
  check.eq(dofile "chunk.lua", nil)
  check.eq(package.searchpath("chunk", "./?.lua"), "./chunk.lua")
  local worker <close> = proc.fork "worker.lua"
  local told = worker:receive()
  check.eq(told[1], root .. "/a")
  check.eq(told[2], root .. "/a")
  check.eq(proc.exec_luafile("chunk.lua"):wait(), 0)

  -- The option counts from the scope, and wins for the child.
  check.eq(proc.run("pwd", { cwd = "b" }):text(), root .. "/a/b")
  check.eq(proc.run { "cat", "name", cwd = "b" }.stdout, "in b\n")
  do
    local _ <close> = assert(proc.scope { cwd = "b" })
    everything(root .. "/a/b", "in b\n")
    local _ <close> = assert(proc.scope { cwd = "../.." })
    check.eq(process.cwd(), root)
    local _ <close> = assert(proc.scope { cur_dir = "a" })
    everything(root .. "/a", "in a\n")
    local _ <close> = assert(proc.scope { cwd = "" })
    local _ <close> = assert(proc.scope {})
    check.eq(process.cwd(), root .. "/a")
  end
  check.eq(process.cwd(), root .. "/a")

  -- Those that it starts have it; who was there before has not.
  check.eq(task.all { function() task.sleep(0) return process.cwd() end }[1], root .. "/a")
  check.eq(coroutine.wrap(process.cwd)(), root .. "/a")
end
check.eq(process.cwd(), start)
check.eq(proc.run("pwd"):text(), start)
check.eq(fs.cwd(), start)

local before = task.spawn(function()
  task.sleep "1ms"
  return process.cwd(), fs.exists "name", proc.run("pwd"):text()
end)
local scope = assert(proc.scope { cwd = root .. "/a" })
check.values(table.pack(before:wait()), start, false, start)
scope:close()

-- The script's folder is what it was, also when it is first asked for inside.
fs.write(root .. "/main.lua", [[
local proc = require "proc"
local _ <close> = assert(proc.scope { cwd = "a/b" })
print(process.script_dir, require "beside", process.argv[0])
]])
fs.write(root .. "/beside.lua", "return process.cwd()")
local _ <close> = assert(proc.scope { cwd = root })
check.eq(proc.run(process.exec_path, { "main.lua" }):text(),
  ("%s\t%s/a/b\tmain.lua"):format(root, root))
