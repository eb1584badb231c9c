-- A bundle in another root, which holds nothing but it and the libraries it needs: no procrun, no
-- /proc, no /tmp; and by another user, in an empty folder that nobody may write to.
-- build: no-sanitize no-launch-uv
-- (Without /proc AddressSanitizer takes a longjmp for an error, and libuv does not find itself.)
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local path = require "procrun.path"
local proc = require "procrun.proc"

if proc.run("id", {"-u"}):text() ~= "0" then
  print("skip: another root, or another user, is for root alone")
  os.exit(77)
end

local app = bundle.make("app", {["main.lua"] = [[
local bundle, proc = require "bundle", require "proc"
print(bundle.read("data/x"), require "lib.a", process.exec_path, process.script_dir)
for _, script in ipairs {"worker.lua", bundle.path "worker.lua"} do
  local worker = assert(proc.fork(script, {"nested"}))
  print(worker:receive())
  worker:disconnect()
  print(worker:wait().ok)
end]], ["worker.lua"] = [[
if arg[1] == "nested" then
  local child = require "proc".fork(arg[0], {})
  process:send("nested " .. child:receive() .. " " .. require "lib.a")
  child:disconnect()
else
  process:send("worker")
end]], ["lib/a.lua"] = "return 'module'", ["data/x"] = "data"})

local wanted = "data\tmodule\t%s\t%s\nnested worker module\ntrue\nnested worker module\ntrue"

-- Another root.
local root = check.tmp("root")
assert(fs.mkdir_p(root .. "/opt"))
assert(fs.copy(app, root .. "/opt/app"))
assert(fs.copy(app, root .. "/app"))
local libraries = proc.run("ldd", {app}).stdout
for file in libraries:gmatch("(/%S+)") do
  assert(fs.mkdir_p(root .. path.dirname(file)))
  assert(fs.copy(file, root .. file))
end
local function in_root(file, ...)
  local result = proc.run("chroot", {root, file, ...})
  if result.code == 125 then
    print("skip: " .. result.stderr)
    os.exit(77)
  end
  return result:check():text()
end
check.eq(in_root("/opt/app"), wanted:format("/opt/app", "/opt"))
check.eq(in_root("/app"), wanted:format("/app", "/"))
check.eq(fs.exists(root .. "/proc"), false)

-- A C module finds no place there that the dynamic linker could take it from.
assert(fs.copy(bundle.make("c", {["main.lua"] = "require 'c'", ["c.so"] = ""}), root .. "/c"))
check.has(proc.run("chroot", {root, "/c"}, {extend_env = {TMPDIR = "/none"}}).stderr,
  "'c.so':\n\ta file in memory: no such file or directory; /none/procrun-")

-- Another user.
local empty = check.tmp("empty")
assert(fs.mkdir(empty, "555"))
local top = check.tmp("")
assert(fs.chmod(top, "755"))
local nobody = proc.run(app, {}, {uid = 65534, gid = 65534, cwd = empty, env = {}})
check.eq(nobody:check():text(), wanted:format(app, path.dirname(app)))
check.eq(#fs.readdir(empty), 0)
