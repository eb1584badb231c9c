-- Out of descriptors: an error that says so, not a list without those that could not be read; and
-- all is well again once there are some.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

if not arg[1] then
  local command = "ulimit -n 30 && exec %s %s child"
  local r = proc.exec(command:format(proc.quote(process.exec_path), proc.quote(arg[0]))):wait(30)
  assert(r.ok, r:to_error().message)
  check.eq(r.stdout, "done\n")
  return
end

assert(proc.info(process.pid)) -- what is loaded late is loaded
assert(proc.system())
local child = assert(proc.spawn("sleep", { 60 }))
local files = {}
local file = io.open("/dev/null")
while file do
  files[#files + 1] = file
  file = io.open("/dev/null")
end
for name, call in pairs {
  info = function() return proc.info(process.pid) end,
  list = proc.list,
  usage = function() return child:usage() end,
  system = proc.system,
} do
  local value, message, code = call()
  check.eq(value, nil, name)
  check.eq(code, "EMFILE", name)
  check.has(message, name .. ": ")
end
assert(process.usage().cpu > 0) -- by getrusage, as far as that goes
for _, each in ipairs(files) do each:close() end
assert(proc.info(process.pid) and proc.list() and proc.system() and child:usage())
child:kill()
child:wait()
print("done")
