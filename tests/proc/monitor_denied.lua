-- What the kernel does not show to other users is nil, and no failure.
local fs = require "procrun.fs"
local json = require "procrun.json"
local proc = require "procrun.proc"

if proc.run("id", { "-u" }):text() ~= "0" then
  print("skip: only root can become another user")
  os.exit(77)
end
local base = os.getenv("TMPDIR")
assert(fs.chmod(base, 493)) -- rwxr-xr-x
local procrun = base .. "/procrun"
assert(fs.copy(process.exec_path, procrun))
assert(fs.chmod(procrun, 493))
local r = proc.run(procrun, { "-e", [[
  local proc, json = require "proc", require "json"
  local one = assert(proc.info(process.ppid))
  local seen
  for _, info in ipairs(assert(proc.list())) do
    if info.pid == process.ppid then seen = info end
  end
  print(json.encode {one, seen, process.usage(), assert(proc.info(process.pid))})]] },
  { uid = 65534, gid = 65534, cwd = "/" }):check()
local one, seen, own, me = table.unpack(assert(json.decode(r.stdout)))
for _, info in ipairs { one, seen } do
  assert(info.pid == process.pid and info.exe == nil and info.read_bytes == nil)
  assert(info.argv[1] and info.rss > 0 and info.uid == 0 and info.user == "root")
end
assert(own.read_bytes >= 0 and own.rss > 0)
assert(me.uid == 65534 and me.gid == 65534)
