-- A bundle runs its main.lua as a script, and all arguments are the program's.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local app, folder = bundle.make("app", {
  ["main.lua"] = [[
#!/usr/bin/env procrun
local a = require "lib.a"
print(arg[0], arg[-1], select("#", ...), ...)
print(#arg, table.concat(arg, " "))
print(a.name, a.where, a.b, require "proc" == require "procrun.proc", require "json".own)
print(io.read("a"))
if ... == "fail" then error("on line 7") end
process.exit_code = 3]],
  ["lib/a.lua"] = "return {name = ..., where = select(2, ...), b = require 'lib.b'.x}",
  ["lib/b/init.lua"] = "return {x = 'from init'}",
  ["json.lua"] = "return {own = 'the program\\'s own'}",
})

local function run(args, env)
  return proc.run(app, args, {input = "input", extend_env = env, cwd = "/"})
end

local tail = "\nlib.a\tlib/a.lua\tfrom init\ttrue\tthe program's own\ninput\n"
for _, args in ipairs {
  {"x"}, {"--help"}, {"-e", "print(1)"}, {"-v"}, {"-i"}, {"-E"}, {"--"}, {"-"}, {"bundle", folder},
  {"--channel=stdio"}, {"--version", "-l", "x"}, {"--trace=proc"}, {""}, {},
} do
  local result = run(args)
  local said = #args == 0 and "" or "\t" .. table.concat(args, "\t")
  check.eq(result.stdout, ("%s\tnil\t%d%s\n%d\t%s"):format(app, #args, said, #args,
    table.concat(args, " ")) .. tail)
  check.eq(result.code, 3)
  check.eq(result.stderr, "")
end

-- What is in a user's environment for lua is no part of the program.
check.eq(run({}, {LUA_INIT = "print 'init'"}).code, 3)
check.lacks(run({}, {LUA_INIT = "print 'init'"}).stdout, "init'")
check.has(run({"-E"}, {LUA_PATH = "/x/?.lua"}).stdout, "from init")

-- An error names file and line as the folder has them.
local failed = run({"fail"})
check.eq(failed.code, 1)
check.has(failed.stderr, "procrun: main.lua:7: on line 7\nstack traceback:")
check.has(failed.stderr, "main.lua:7: in main chunk")
