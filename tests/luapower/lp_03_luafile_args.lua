-- LP-3: exec_luafile passes arguments, in every form.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local script = check.write(check.tmp("args.lua"), "print(#arg, arg[1], arg[2], ...)")
local wanted = "2\ta b\t7\ta b\t7\n"
local forms = {
  function(out) return proc.exec_luafile(script, { "a b", 7 }, nil, nil, nil, out) end,
  function(out) return proc.exec_luafile { script = script, args = { "a b", 7 }, stdout = out } end,
  function(out) return proc.exec_luafile { script = { script, "a b", 7 }, stdout = out } end,
  function(out) return proc.exec_luafile({ script, "a b", 7 }, nil, nil, nil, out) end,
  function(out) return proc.exec_luafile { script, "a b", 7, stdout = out } end,
}
for i, start in ipairs(forms) do
  local text, code = luapower.output(start)
  check.eq(text, wanted, "form " .. i)
  check.eq(code, 0)
end
local text = luapower.output(function(out)
  return proc.exec_luafile { script = script, stdout = out }
end)
check.eq(text, "0\tnil\tnil\n")
