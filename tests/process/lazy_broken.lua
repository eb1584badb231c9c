-- A first use of the global process that an error breaks off does not spoil the next one.
local script = [[
  debug.sethook(function()
    debug.sethook()
    error "broken off"
  end, "", tonumber(arg[1]))
  local fine = pcall(function() return process.pid end)
  debug.sethook()
  assert(process.pid > 0 and process.cwd() and process.on)
  os.exit(fine and 0 or 7)]]

local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/script.lua", script))
local fine, broken = 0, 0
for count = 5, 1500, 65 do -- instructions until the error
  local result = proc.run(process.exec_path, {dir.path .. "/script.lua", count})
  if result.code == 0 then fine = fine + 1 else broken = broken + 1 end
  assert(result.code == 0 or result.code == 7, result.stderr)
end
assert(broken > 5 and fine > 0)
