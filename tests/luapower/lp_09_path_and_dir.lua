-- LP-9: with a directory, a bare name is still searched on PATH; a path is looked for from here.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
local function program(name, text)
  fs.write(dir.path .. "/" .. name, "#!/bin/sh\n" .. text .. "\n")
  assert(os.execute("chmod +x '" .. dir.path .. "/" .. name .. "'"))
end

check.eq(luapower.output(function(out)
  return proc.exec { cmd = { "pwd" }, dir = "/usr", stdout = out }
end), "/usr\n")
check.eq(luapower.output(function(out)
  return proc.exec("pwd", { "-P" }, nil, "/usr", nil, out)
end), "/usr\n")

program("tool", "echo tool in `pwd`")
local here = process.cwd()
assert(process.chdir(dir.path))
check.eq(luapower.output(function(out)
  return proc.exec("./tool", {}, nil, "/usr", nil, out)
end), "tool in /usr\n")
-- only what PATH leads to; never what happens to lie in the directory
check.values({ proc.exec("tool", {}) }, nil, "exec tool: no such file or directory", "ENOENT",
  "not_found")
assert(process.chdir(here))
assert(proc.exec("tool", {}, nil, dir.path) == nil)
check.eq(luapower.output(function(out)
  return proc.exec("tool", {}, { PATH = "/usr/bin:/bin:" .. dir.path }, "/usr", nil, out)
end), "tool in /usr\n")

-- a script of exec_luafile is found from its directory, as it was
fs.write(dir.path .. "/here.lua", "print(process.cwd())")
check.eq(luapower.output(function(out)
  return proc.exec_luafile("here.lua", nil, nil, dir.path, nil, out)
end), dir.path .. "\n")
