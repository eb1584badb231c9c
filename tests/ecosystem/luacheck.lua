-- The linter luacheck, run by lua and by procrun, with the settings that its page recommends.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local luacheck = rock.program("lua-check", "luacheck")
-- Debian keeps its modules for Lua 5.1, and they are good for 5.4 as well.
local old <const> = "/usr/share/lua/5.1/"
local env = rock.env {LUA_PATH = old .. "?.lua;" .. old .. "?/init.lua;;"}
check.write(check.tmp "script.lua", "process.exit(0)\nlocal unused = 1\nundefined()\n")
check.write(check.tmp ".luacheckrc", 'std = "lua54"\nglobals = {"process"}\n')
local results = {}
for i, args in ipairs {{luacheck}, {process.exec_path, luacheck}} do
  args[#args + 1] = "--formatter=plain"
  args[#args + 1] = "script.lua"
  results[i] = proc.run(table.remove(args, 1), args, {cwd = os.getenv("TMPDIR"), env = env})
  if results[i].stderr:find "module 'luacheck.main' not found" then
    print("skip: luacheck's modules are not in " .. old)
    os.exit(77)
  end
  check.eq(results[i].stdout, "script.lua:2:7: unused variable 'unused'\n"
    .. "script.lua:3:1: accessing undefined variable 'undefined'\n", results[i].stderr)
  check.eq(results[i].code, 1)
end
-- Our own files, read by it under procrun.
proc.run(process.exec_path, {luacheck, "-q", "runtime"}, {env = env, timeout = 120}):check()
