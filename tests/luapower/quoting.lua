-- Arguments need no quoting: what is in the list is what the program sees; proc.quote is for
-- shells.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local hard = { [[a\"xx"yx\\\]], "a b", "", "'", '"', "$HOME", "`x`", "%PATH%", "^&<>|", "\\", "-n",
  "\n", "\t", "*", "~", "!x", "ünï", "\xff\x01", "a'b\"c\\d" }
local script = check.write(check.tmp("args.lua"), "for i = 1, #arg do print(#arg[i], arg[i]) end")
local wanted = {}
for i, arg in ipairs(hard) do wanted[i] = #arg .. "\t" .. arg .. "\n" end
check.eq(luapower.output(function(out)
  return proc.exec_luafile { script = script, args = hard, stdout = out }
end), table.concat(wanted))

local words = {}
for i, arg in ipairs(hard) do words[i] = proc.quote(arg) end
local command = proc.quote(process.exec_path) .. " " .. script .. " " .. table.concat(words, " ")
check.eq(proc.exec(command):wait(20).stdout, table.concat(wanted))

-- no string is taken apart: a command with blanks is one name
check.values({ proc.exec { cmd = "/bin/echo hi", autokill = true } }, nil,
  "exec: `/bin/echo hi` is not a program; pass its arguments as a list", "ENOENT", "not_found")
