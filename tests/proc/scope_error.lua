-- scope: what cannot be entered is a failure that names it, misuse raises; a directory that goes,
-- or is closed to us, while a scope is in it gives clear failures and touches nothing else.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")
local start = process.cwd()
check.write(root .. "/file", "")

-- Before and after a scope was ever opened.
for _ = 1, 2 do
  check.values(table.pack(proc.scope { cwd = "/nope" }), nil,
    "scope: cwd /nope: no such file or directory", "ENOENT")
  check.values(table.pack(proc.scope { cwd = root .. "/file" }), nil,
    "scope: cwd " .. root .. "/file: not a directory", "ENOTDIR")
  check.eq(process.cwd(), start)
  local _ <close> = assert(proc.scope { cwd = root })
  check.eq(select(3, proc.scope { cwd = "nope", extend_env = { X = "x" } }), "ENOENT")
  check.eq(os.getenv "X", nil)
  check.eq(process.cwd(), root)
end

check.raises("bad argument #1 to 'scope' (table with cwd, env, extend_env expected, got string)",
  proc.scope, "dir")
check.raises("scope: unknown option 'CWD' (known: cwd, env, extend_env)", proc.scope, { CWD = "/" })
check.raises("scope: unknown option '1'", proc.scope, { "/" })
check.raises("scope: option 'cwd': string expected, got 1", proc.scope, { cwd = 1 })
check.raises("string without a NUL byte", proc.scope, { cwd = "a\0b" })
check.raises("scope: option 'env': table expected, got \"A=b\"", proc.scope, { env = "A=b" })
check.raises("scope: extend_env.A: string or number expected, got table", proc.scope,
  { extend_env = { A = {} } })
check.raises("scope: env: 'A=' is no name of a variable", proc.scope, { env = { ["A="] = "" } })
check.raises("scope: env.A holds a NUL byte", proc.scope, { env = { A = "\0" } })

-- The directory goes.
fs.mkdir(root .. "/gone")
do
  local _ <close> = assert(proc.scope { cwd = root .. "/gone" })
  fs.remove(root .. "/gone")
  task.spawn(function()
    local _ <close> = assert(proc.scope { cwd = root })
    task.sleep(0)
  end):wait()
  check.values(table.pack(process.cwd()), nil, "cwd: no such file or directory", "ENOENT")
  check.values(table.pack(fs.read "x"), nil, "x: no such file or directory", "ENOENT")
  check.values(table.pack(fs.write("x", "")), nil, "x: no such file or directory", "ENOENT")
  check.eq(select(3, proc.scope { cwd = "sub" }), "ENOENT")
  check.eq(proc.run("cat", { "/dev/null" }).ok, true)
  check.eq(fs.exists(root .. "/file"), true)
end
check.eq(process.cwd(), start)

-- It is closed to us, which root does not notice: as another user, with what it costs to go there.
if proc.run("id", { "-u" }):text() ~= "0" then os.exit(0) end
fs.chmod(root, "755")
local dir <close> = fs.temp_dir { dir = "/tmp" }
fs.chmod(dir.path, "777")
check.write(dir.path .. "/script.lua", [[
local proc, fs, task = require "proc", require "fs", require "task"
fs.mkdir "closed"
fs.write("closed/kept", "")
do
  local _ <close> = assert(proc.scope { cwd = "closed" })
  print(fs.exists "kept")
  task.spawn(function()
    local _ <close> = proc.scope { cwd = "/" }
    task.sleep(0)
    fs.chmod(arg[1] .. "/closed", "000")
  end):wait()
  print(fs.exists "kept", io.open("kept"), os.remove "kept", fs.write("new", ""))
end
fs.chmod("closed", "755")
print(fs.exists "closed/kept", fs.exists "new", fs.exists "closed/new")
fs.chmod("closed", "000")
print(select(3, proc.scope { cwd = "closed" }))
fs.chmod("closed", "755")
]])
local r = proc.run(process.exec_path, { dir.path .. "/script.lua", dir.path },
  { cwd = dir.path, uid = 65534, gid = 65534 })
if r.errno == "EACCES" then
  print "skip: other users cannot run this build"
  os.exit(77)
end
check.has(r.stderr, "cannot go back to the directory " .. dir.path .. "/closed: Permission denied")
check.matches(r.stdout, "^true\nfalse\tnil", "\ntrue\tfalse\tfalse\nEACCES\n$")
