-- cwd: where relative paths begin; a failure when the directory has gone.
local fs = require "procrun.fs"
local cwd = assert(fs.cwd())
assert(cwd:sub(1, 1) == "/" and fs.stat(cwd).ino == fs.stat(".").ino)

local dir <close> = assert(fs.temp_dir())
local procrun = assert(fs.realpath("/proc/self/exe"))
assert(fs.write(dir.path .. "/script.lua", [[
  local fs = require "procrun.fs"
  local got, message, code = fs.cwd()
  assert(got == nil and code == "ENOENT" and message == "cwd: no such file or directory", message)
]]))
assert(fs.mkdir(dir.path .. "/gone"))
local command = "cd '%s/gone' && rmdir ../gone && '%s' '%s/script.lua'"
assert(os.execute(command:format(dir.path, procrun, dir.path)))
