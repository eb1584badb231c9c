-- usage: of a running child, exact where the kernel is, and ESRCH after the end.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local child = assert(proc.spawn("sh", { "-c", "sleep 60 & echo; read _; kill $!; wait" }))
assert(child.stdout:read() == "")
local u = assert(child:usage())
assert(u.rss > 0 and u.peak_rss >= u.rss and u.threads == 1)
assert(u.cpu_user >= 0 and u.cpu_system >= 0 and u.cpu > 0)
assert(u.state:find("^[RSD]$") and u.state_name:find("^%l[%l ]+$"))
assert(#u.children == 1 and math.type(u.children[1]) == "integer")
assert(u.minor_faults > 0 and u.major_faults >= 0)
assert(u.voluntary_switches + u.involuntary_switches > 0)
assert(u.read_bytes >= 0 and u.write_bytes >= 0)
local later = assert(child:usage())
assert(later.cpu >= u.cpu)
child.stdin:finish("\n")
local r = child:wait(10)
local is_uv = require "procrun.core.process".backend() == "uv" -- which knows no usage
assert(is_uv or r.usage.peak_rss > 0)
local none, message, code = child:usage()
assert(none == nil and code == "ESRCH" and message:find("has ended"))

-- a name with blanks and parentheses does not confuse it
local dir <close> = assert(fs.temp_dir())
local odd = dir.path .. "/a) S (b"
assert(proc.run("cp", { proc.which("sleep"), odd }).ok)
child = assert(proc.spawn(odd, { 60 }))
u = assert(child:usage())
assert(u.state:find("^[RSD]$") and u.threads == 1)
child:kill()
child:wait(10)

-- processor time of the child alone
r = proc.run("sh", { "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done" })
assert(is_uv or r.usage.cpu_user + r.usage.cpu_system > 0.01, r.usage.cpu_user)

-- a stopped one, and one that shows the memory it had at most
child = assert(proc.spawn("sh", { "-c", "kill -STOP $$" }))
repeat
  u = assert(child:usage())
  require "procrun.task".yield()
until u.state == "T"
assert(u.state_name == "stopped")
child:kill("CONT")
child:wait(10)
child = assert(proc.fork("-e", { [[
  local s = ("x"):rep(50000000); s = nil; collectgarbage(); collectgarbage()
  process.send(process.usage()); process.receive()]] }, { silent = true }))
local own = assert(child:receive(30))
u = assert(child:usage())
assert(own.peak_rss >= 50000000 and u.peak_rss >= 50000000)
child:disconnect()
r = child:wait(30)
assert(r.ok and (is_uv or r.usage.peak_rss >= 50000000), tostring(r))
