-- write: whatever goes wrong, the old contents stay whole, and nothing is left beside them.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local file = dir.path .. "/file"
local procrun = assert(os.getenv("PROCRUN"))

-- Only if it is new.
assert(fs.write(file, "old", { overwrite = false }) == true)
for _, atomic in ipairs { true, false } do
  local ok, message, code = fs.write(file, "new", { overwrite = false, atomic = atomic })
  assert(ok == nil and code == "EEXIST" and message == file .. ": file exists", message)
end
local wins = 0
task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, 8, function(i)
  if fs.write(dir.path .. "/race", ("x"):rep(i), { overwrite = false }) then wins = wins + 1 end
end)
assert(wins == 1 and fs.remove(dir.path .. "/race"))

-- Beyond the limit on the size of a file: a failure, no signal.
local script = check.write(check.tmp("limited.lua"), [[
local fs = require "fs"
local ok, message, code = fs.write(arg[1], ("x"):rep(1 << 20))
assert(ok == nil and code == "EFBIG", tostring(message))
assert(select(3, fs.copy(arg[2], arg[1])) == "EFBIG")
assert(select(3, fs.copy_tree(arg[2], arg[1] .. "2")) == "EFBIG" and not fs.exists(arg[1] .. "2"))
local f = fs.open(arg[1] .. "3", "w")
assert(select(3, f:write(("x"):rep(1 << 20))) == "EFBIG")
fs.remove(arg[1] .. "3")
]])
local big <close> = assert(fs.temp_file())
assert(fs.write(big.path, ("x"):rep(1 << 20)))
local result = proc.run(procrun, { script, file, big.path }, { limits = { file_size = 65536 } })
assert(result.ok, result.stderr)
assert(fs.read(file) == "old" and #fs.readdir(dir.path) == 1)

-- Killed at any moment: the old or the new, never a part.
local writer = check.write(check.tmp("writer.lua"), [[
local fs = require "fs"
print("ready")
while true do for _, c in ipairs { "a", "b" } do fs.write(arg[1], c:rep(300000)) end end
]])
for _ = 1, 8 do
  local child <close> = assert(proc.spawn(procrun, { writer, file }))
  assert(child.stdout:read("l") == "ready")
  for _ = 1, math.random(20) do fs.stat(file) end
  child:kill("SIGKILL")
  child:wait()
  local text = fs.read(file)
  assert(text == "old" or text == ("a"):rep(300000) or text == ("b"):rep(300000), "a part")
end
for _, name in ipairs(fs.readdir(dir.path)) do -- what a killed program leaves is hidden
  assert(name == "file" or name:find("^%.procrun%-%x+$"), name)
end

-- As a user who may not write here, but to the file: in place, and its owner stays.
if fs.stat(dir.path).uid ~= 0 then return end
local open_dir <close> = assert(fs.temp_dir { dir = "/tmp" })
local theirs = open_dir.path .. "/theirs"
assert(fs.write(theirs, "old", { mode = "666" }) and fs.chmod(open_dir.path, "755"))
local as_nobody = { uid = 65534, gid = 65534, env = { PATH = os.getenv("PATH") }, cwd = "/" }
result = proc.run(procrun, { "-e", ([[
  local fs = require "fs"
  assert(fs.write(%q, "new") == true)
  assert(fs.copy("/proc/self/status", %q) == true)
  local ok, message, code = fs.write(%q, "x")
  assert(code == "EACCES", message)
]]):format(theirs, theirs, open_dir.path .. "/other") }, as_nobody)
if result.errno == "EACCES" then return end -- this build cannot be run by others
assert(result.ok, result.stderr)
assert(fs.read(theirs):find("^Name:") and fs.stat(theirs).uid == 0)
assert(#fs.readdir(open_dir.path) == 1)
