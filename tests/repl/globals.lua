-- At the prompt the built-in modules are globals, loaded when they are named; what is set already
-- is left alone. Tab knows them before. -i after a script keeps its globals and arg. .load, .dump.
local check = require "tests.lib.check"
local repl = require "tests.lib.repl"

local script = os.tmpname()
check.write(script, "x, path = arg[1], 'mine'\nreturn 7, ...\n")

for _, library in ipairs {"readline", "libedit", "none"} do
  if repl.has(library) then
    local t <close> = repl.open(library, ("-i '%s' one"):format(script))
    t:answers("x, path, arg[0]", ('^"one"\n"mine"\n"%s"\n'):format(script))
    t:answers("rawget(_G, 'fs'), package.loaded['procrun.sync']", "^nil\nnil\n")
    t:answers("fs.exists('/')", "^true\n")
    t:answers("rawget(_G, 'fs') == require 'fs', nothing", "^true\nnil\n")
    t:answers("json == require 'json', rawequal(json, json)", "^true\ntrue\n")
    t:answers("x = 0", "^$")
    t:answers(".load " .. script, '^7\n')
    t:answers("x", '^"one"\n')
    t:answers(".load /nowhere/at.all", "cannot open /nowhere/at.all")
    t:answers(".load", "name a file")
    assert(t:enter(".dump", "\n> "):find "task")
    if library ~= "none" then
      t:send "timer.eve\t"
      t:expect "timer.every"
      t:send "\21sync.\t"
      t:expect "semaphore"
      t:send "\21x = 8\r"
      t:expect "x = 8\n"
      t:expect "> "
      t:answers("x", "^8\n")
    end
  end
end
os.remove(script)
