-- A script that is started through a symbolic link finds modules and workers beside its file.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
local real = fs.realpath(dir.path)
fs.mkdir_p(dir / "tool/lib")
fs.mkdir(dir / "bin")
fs.write(dir / "tool/main.lua", [[
print(require "beside", process.script_dir)
print(arg[0], require "proc".fork(process.script_dir .. "/beside.lua"):wait().code)]])
fs.write(dir / "tool/beside.lua", "return 'found'")
fs.symlink("../tool/main.lua", dir / "bin/first")
fs.symlink("first", dir / "bin/second")
fs.symlink("bin", dir / "through")

local function prints(cwd, script)
  local r = proc.run(process.exec_path, { script }, { cwd = cwd }):check()
  check.eq(r:text(), ("found\t%s/tool\n%s\t0"):format(real, script))
end

prints(dir.path, "bin/second")
prints(dir / "bin", "./first")
prints(dir / "bin", "first")
prints("/", dir / "through/second")
