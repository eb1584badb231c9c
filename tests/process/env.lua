-- One live environment: process.env, proc.env, os.getenv, setenv, and what children get.
local proc = require "procrun.proc"
local env = process.env
assert(env == process.env and env == proc.env)

local function shell(name)
  local pipe = io.popen(("printf %%s \"${%s-unset}\""):format(name))
  local text = pipe:read("a")
  pipe:close()
  return text
end

env.PROCRUN_T = "one"
assert(env.PROCRUN_T == "one" and os.getenv("PROCRUN_T") == "one" and shell("PROCRUN_T") == "one")
proc.setenv("PROCRUN_T", "two")
assert(env.PROCRUN_T == "two" and os.getenv("PROCRUN_T") == "two")
local printed = proc.run("sh", {"-c", "printf %s $PROCRUN_T"}, {capture = true}).stdout
assert(printed == "two", printed)
env.PROCRUN_T = 3
assert(env.PROCRUN_T == "3")
env.PROCRUN_T = ""
assert(env.PROCRUN_T == "" and shell("PROCRUN_T") == "")
env.PROCRUN_T = nil
assert(env.PROCRUN_T == nil and os.getenv("PROCRUN_T") == nil and shell("PROCRUN_T") == "unset")
proc.setenv("PROCRUN_T", "x")
proc.setenv("PROCRUN_T")
assert(env.PROCRUN_T == nil)

-- pairs is a look at one moment: what changes meanwhile does no harm.
env.PROCRUN_A, env.PROCRUN_B = "a", "b=c"
local seen = {}
for name, value in pairs(env) do
  seen[name] = value
  env["PROCRUN_NEW_" .. name] = "x"
end
assert(seen.PROCRUN_A == "a" and seen.PROCRUN_B == "b=c" and seen.PATH == os.getenv("PATH"))
assert(seen.PROCRUN_NEW_PATH == nil and env.PROCRUN_NEW_PATH == "x")

local function fails(message, fn)
  local ok, err = pcall(fn)
  assert(not ok and err:find(message, 1, true) and err:find("env.lua:", 1, true), err)
end
for _, name in ipairs {"", "a=b", "a\0b"} do
  fails("env: the name of a variable", function() env[name] = "x" end)
  assert(env[name] == nil)
end
fails("env: the name of a variable", function() env[1] = "x" end)
fails("env.X: string, number or nil expected, got boolean", function() env.X = true end)
fails("env.X: the value holds a NUL byte", function() env.X = "a\0b" end)
assert(env[1] == nil and env[{}] == nil)
