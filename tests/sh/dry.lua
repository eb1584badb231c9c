-- procrun -n: what changes something is only shown, what asks is run.
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local dir <close> = assert(fs.temp_dir())
local script = [[
local sh, cmd = require "sh", require "sh".cmd
local r = sh.run("touch $1", arg[1] .. "/run")
assert(r.ok and r.dry and r.code == 0 and r:text() == "" and #r:lines() == 0 and r:check() == r)
sh("touch $1", arg[1] .. "/call")
sh.bash('touch "$1"', arg[1] .. "/bash")
sh.run(cmd "echo x" | cmd("tee $1", arg[1] .. "/tee"))
sh.run((cmd "echo x"):to(arg[1] .. "/to"))
sh.run "/no/such/program"
sh.with {"touch"}(arg[1] .. "/with")
local job = sh.start("touch $1", arg[1] .. "/start")
assert(not job:running() and job:wait().dry)
assert(sh.start(cmd "yes" | "head"):wait().stages[2].argv[1] == "head")
assert(sh.run(cmd "yes" | function(l) return l end).stages[1].ok)
do
  local job <close> = sh.start "sleep 1000"
end
assert(sh.text "echo asked" == "asked" and sh.ok "true" and sh.try("echo x").stdout == "x\n")
assert(sh.json "echo 3" == 3 and sh.dry())
for line in sh.lines "echo line" do assert(line == "line") end
]]
local r = check.run(script, "-n", dir.path)
check.eq(r.code, 0, r.err)
assert(not require "procrun.sh".dry())
check.eq(r.out, "")
check.eq(#fs.readdir(dir.path), 0)
local said = r.err:gsub(dir.path:gsub("%p", "%%%0"), "DIR"):gsub(r.file:gsub("%p", "%%%0"), "FILE")
check.eq(said, [[
+ touch DIR/run
+ touch DIR/call
+ bash -euo pipefail -c 'touch "$1"' bash DIR/bash
+ echo x | tee DIR/tee
+ echo x > DIR/to
+ /no/such/program
+ touch DIR/with
+ touch DIR/start
+ yes | head
+ yes # | filter: FILE:13
+ sleep 1000
]])

-- With -x those that ask are shown; with trace = false a dry run still shows what is left out.
r = check.run('local sh = require "sh"; sh.text "echo x"; sh.run {"a", trace = false}', "-n -x")
check.eq(r.err, "+ echo x\n+ a\n")

-- Workers are dry, too.
local worker = check.write(dir.path .. "/worker.lua", 'require "sh".run "touch /nowhere/x"')
r = check.run(('require "proc".fork(%q):wait():check()'):format(worker), "-n")
check.eq(r.err, "+ touch /nowhere/x\n")
check.eq(r.code, 0)

-- What is wrong with the words is said in a dry run as well.
r = check.run('require "sh".run "ls *"', "-n")
check.eq(r.code, 1)
check.has(r.err, "unquoted '*'")
