-- What a script has not removed is removed at its end, however it ends; not when it is collected.
local fs = require "procrun.fs"
local procrun = assert(fs.realpath("/proc/self/exe"))
local dir <close> = assert(fs.temp_dir())
local script = dir.path .. "/script.lua"

local function run(ending)
  assert(fs.write(script, [[
    local fs = require "procrun.fs"
    local path = fs.temp_dir().path
    collectgarbage() collectgarbage()
    assert(fs.write(path .. "/file", "x"))
    assert(fs.write(arg[1], path))
    assert(fs.temp_file("kept-"):keep())
  ]] .. ending))
  local command = "TMPDIR='%s' '%s' '%s' '%s/told' 2>/dev/null"
  os.execute(command:format(dir.path, procrun, script, dir.path))
  local path = assert(fs.read(dir.path .. "/told"))
  assert(path:sub(1, #dir.path) == dir.path and not fs.exists(path), ending)
  local kept = false
  for _, name in ipairs(fs.readdir(dir.path)) do
    if name:find("^kept%-") then kept = fs.remove(dir.path .. "/" .. name) end
  end
  assert(kept, "kept is kept")
end
run("")
run("error('x')")
run("os.exit(3)")
