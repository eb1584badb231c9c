-- env replaces, extend_env adds and removes; cwd, argv0, umask, uid, gid; the child's PATH.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local function env_of(options)
  local set = {}
  for _, line in ipairs(proc.run("/usr/bin/env", options):check():lines()) do
    local name, value = line:match("^([^=]+)=(.*)$")
    set[name] = value
  end
  return set
end

proc.setenv("PROC_TEST", "ours")
local set = env_of { env = { A = "1", B = 2 } }
assert(set.A == "1" and set.B == "2" and set.PROC_TEST == nil and set.PATH == nil)
set = env_of { extend_env = { A = "x=y", PROC_TEST = false } }
assert(set.A == "x=y" and set.PROC_TEST == nil and set.PATH == os.getenv("PATH"))
set = env_of { env = { A = "1", B = "2" }, extend_env = { B = false, C = 3 } }
assert(set.A == "1" and set.B == nil and set.C == "3")
assert(env_of {}.PROC_TEST == "ours" and env_of { env = {} }.PROC_TEST == nil)
assert(env_of { env = proc.env }.PROC_TEST == "ours")
proc.setenv("PROC_TEST", nil)
assert(env_of {}.PROC_TEST == nil and proc.env.PROC_TEST == nil)

local dir <close> = assert(fs.temp_dir())
fs.write(dir.path .. "/only-here", "#!/bin/sh\necho found \"$@\"\n")
assert(os.execute("chmod +x " .. dir.path .. "/only-here"))
assert(proc.run("only-here", { 1 }, { env = { PATH = "/bin:" .. dir.path } }).stdout == "found 1\n")
assert(proc.run("only-here").errno == "ENOENT")
assert(proc.run("./only-here", { cwd = dir.path }).stdout == "found\n")

assert(proc.run("pwd", { cwd = "/usr" }):text() == "/usr")
assert(proc.run("pwd", { cur_dir = "/usr" }):text() == "/usr")
assert(proc.run { "pwd", cwd = "/usr" }:text() == "/usr")
assert(proc.run({ "pwd", "-P" }, { cwd = "/usr" }):text() == "/usr")
assert(proc.run("pwd", { cwd = "" }):text() == process.cwd())

local child = assert(proc.spawn("sh", { "-c", "echo $0" }, { argv0 = "renamed" }))
assert(child.spawnfile == "sh" and child.spawnargs[1] == "renamed")
assert(child:wait(10).argv[1] == "renamed")
assert(proc.run("cat", { "/proc/self/cmdline" }, { argv0 = "me" }).stdout:find("^me\0"))

assert(proc.run("sh", { "-c", "umask" }, { umask = 0x3f }):text() == "0077")

if proc.run("id", { "-u" }):text() == "0" then
  assert(proc.run("sh", { "-c", "id -u; id -g; id -G" }, { uid = 65534, gid = 65534 }).stdout
    == "65534\n65534\n65534\n")
else
  local r = proc.run("id", { uid = 0 })
  assert(r.errno == "EPERM" and r.error:find("uid"), r.error)
end
