-- limits: what a child is started with, by every call that starts one; what cannot be set is told.
local proc = require "procrun.proc"
local check = require "tests.lib.check"

proc.setenv("PROCRUN_CGROUP", "/nonexistent") -- rlimits, wherever this runs

local SHOW <const> = "ulimit -t; ulimit -Ht; ulimit -d; ulimit -n; ulimit -f; ulimit -c; nice"
local limits = { cpu = "90s", memory = "1G", files = 33, processes = 44, file_size = "1M", core = 0,
  nice = 4 }
local WANTED <const> = "90\n91\n1048576\n33\n2048\n0\n4\n"

check.eq(proc.run("sh", { "-c", SHOW }, { limits = limits }).stdout, WANTED)
check.eq(proc.exec(SHOW, { limits = limits }):wait().stdout, WANTED)
check.eq(proc.spawn { "sh", "-c", SHOW, limits = limits }:wait().stdout, WANTED)
check.eq(proc.exec_file("sh", { "-c", SHOW }, { limits = limits }):wait().stdout, WANTED)
local r = proc.pipeline({ "sh", "-c", SHOW },
  { "sh", "-c", "cat; ulimit -n", limits = { files = 44 } }, { limits = limits })
check.eq(r.stdout, WANTED .. "44\n")

-- a forked worker has them, and its children
local script = check.write(check.tmp("worker.lua"), [[
  process.send(require "procrun.proc".exec("ulimit -n; ulimit -t"):wait().stdout)
]])
local worker <close> = assert(proc.fork(script, { limits = { files = 60, cpu = 7 } }))
check.eq(worker:receive(20), "60\n7\n")

-- a part of a second is a whole one; math.huge is as much as there may be
check.eq(proc.exec("ulimit -t", { limits = { cpu = 0.2 } }):wait().stdout, "1\n")
local hard = proc.exec("ulimit -Hn"):wait().stdout
check.eq(proc.exec("ulimit -Sn", { limits = { files = math.huge } }):wait().stdout, hard)

-- processes counts those of a user; root has no such limit
if proc.run("id", { "-u" }):text() == "0" then
  r = proc.run("sh", { "-c", "/bin/true; /bin/true" },
    { limits = { processes = 1 }, uid = 65534, cwd = "/" })
  assert(not r.ok and (r.errno == "EAGAIN" or r.stderr:find("fork")), tostring(r) .. r.stderr)
end

-- rights: as root they would be had; a user of no rights cannot raise what it was given
local raise = check.write(check.tmp("raise.lua"), [[
  local proc = require "procrun.proc"
  for _, limits in ipairs {{files = 100}, {nice = 1}} do
    print(proc.spawn("true", {limits = limits}))
  end
]])
local nobody = { limits = { files = 50, nice = 5 }, cwd = "/" }
if proc.run("id", { "-u" }):text() == "0" then nobody.uid = 65534 end
assert(os.execute(("chmod 644 '%s'; chmod 755 '%s'"):format(raise, raise:match("^(.*)/"))))
r = proc.run(process.exec_path, { raise }, nobody)
if r.errno == "EACCES" then return end -- this build stands where nobody may go
check.eq(r.stdout, "nil\tspawn true: limits: files: operation not permitted\tEPERM\n"
  .. "nil\tspawn true: limits: nice: permission denied\tEACCES\n")
