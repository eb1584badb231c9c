-- LP-2: a call takes nothing from the one before it: neither arguments nor variables.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

proc.setenv("LP_TEST", "ours")
for _ = 1, 3 do
  local text = luapower.output(function(out)
    return proc.exec("/bin/sh", { "-c", "echo $LP_TEST $1", "x", "arg" }, { LP_TEST = 1 }, nil, nil,
      out)
  end)
  check.eq(text, "1 arg\n")
  text = luapower.output(function(out) return proc.exec("echo", nil, nil, nil, nil, out) end)
  check.eq(text, "\n")
  text = luapower.output(function(out) return proc.exec { "printenv", "LP_TEST", stdout = out } end)
  check.eq(text, "ours\n")
end

-- nor does it change the tables it is given
local args, env = { "-c", "exit 3" }, { A = true, B = 2 }
local options = { command = "/bin/sh", args = args, env = env, dir = "/", autokill = false }
check.eq(proc.exec(options):wait(), 3)
check.eq(#args, 2)
assert(env.A == true and env.B == 2 and options.command == "/bin/sh" and options.dir == "/")
assert(options.args == args and options.env == env and options.cwd == nil)
check.eq(proc.exec(options):wait(), 3)
