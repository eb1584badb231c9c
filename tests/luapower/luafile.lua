-- exec_luafile runs a script by this program; its handle can be dropped at once.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local out = check.tmp("ran")
local script = check.write(check.tmp("child.lua"), [[
  local name = ...
  local file <close> = assert(io.open(name, "w"))
  file:write(process.exec_path, " ", tostring(process.connected), " ", os.getenv("X") or "none")
  os.exit(12)
]])
local p = assert(proc.exec_luafile(script, { out }))
check.eq(p:wait("20s"), 12)
check.eq(check.read(out), process.exec_path .. " false none")

p = assert(proc.exec_luafile { script = script, args = { out }, env = { X = 55 } })
check.eq(p:wait("20s"), 12)
check.eq(check.read(out), process.exec_path .. " false 55")

p = assert(proc.exec_luafile(script, { check.tmp("other") }))
p:forget()
luapower.gone(p.id)
check.has(check.read(check.tmp("other")), process.exec_path)

-- a name that looks like an option is a file
check.write(check.tmp("-v"), "os.exit(9)")
p = assert(proc.exec_luafile("-v", nil, nil, os.getenv("TMPDIR")))
check.eq(p:wait("20s"), 9)

check.raises("exec_luafile: the script must be a non-empty string, got nil", proc.exec_luafile)
check.raises("exec_luafile: the script must be a non-empty string, got ''", proc.exec_luafile, "")
check.raises("exec_luafile: 'cmd' is for exec", proc.exec_luafile, { cmd = "x" })
