-- c_module.lua - builds a C module for a test: c_module.build(dir, "name", source); where that is
-- not possible, it prints why and ends the test as skipped.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local M = {}

--- build(dir, name, source): DIR/NAME.so, linked to nothing, and package.cpath that finds it
function M.build(dir, name, source)
  local path = dir .. "/" .. name
  assert(fs.write(path .. ".c", source))
  local command = [[
    cc -shared -fPIC -fno-builtin -o '%s.so' '%s.c' \
      $(pkg-config --cflags lua5.4 2>/dev/null || pkg-config --cflags lua-5.4)]]
  local built = proc.exec(command:format(path, path)):wait()
  if not built.ok then
    print("skip: no C module can be built here: " .. tostring(built.stderr))
    os.exit(77)
  end
  package.cpath = dir .. "/?.so"
end

--- cflags() -> the flags that `procrun --config` tells; without Lua's headers the test is skipped
function M.cflags()
  local cflags = proc.run(process.exec_path, {"--config=cflags"}):check():text()
  local command = "echo '#include <lauxlib.h>' | cc -E - " .. cflags
  if not proc.run("sh", {"-c", command}).ok then
    print("skip: the headers of this build's Lua are not installed: " .. cflags)
    os.exit(77)
  end
  return cflags
end

return M
