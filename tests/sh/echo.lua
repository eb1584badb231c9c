-- procrun -x and sh.trace: each command is shown on stderr, in a form for a shell, before it runs;
-- standard output is what it is without.
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local dir <close> = assert(fs.temp_dir())
local script = ([[
local sh = require "sh"
local cmd, token = sh.cmd, sh.secret "t0p"
io.stderr:write "begin\n"
sh.run("echo $1", "a  b")
print(sh.text {"sh", "-c", "echo $A", extend_env = {A = "x y"}, cwd = "/usr"})
for l in sh.lines(cmd "echo in a line" | function(l) return l:upper() end | "cat") do print(l) end
print(sh.ok "false", sh.try("false").code, sh.json "echo 1")
sh.run((cmd "echo x"):to "DIR/out")
sh.run((cmd "cat"):append "DIR/out":from "DIR/out2")
sh.bash('echo "$1" | tr a b', "a a")
sh.run("echo -n", token)
do
  local _ <close> = sh.cd "/usr"
  local _ <close> = sh.setenv {B = "c d", T = token, HOME = false}
  sh.run "pwd"
end
sh.start("echo started"):wait()
sh.run {"echo", "untold", trace = false}
sh.with {"echo", "-n"} "w"
]]):gsub("DIR", (dir.path:gsub("%%", "%%%%")))
check.write(dir.path .. "/out2", "y\n")

local plain = check.run(script)
check.eq(plain.code, 0, plain.err)
check.eq(plain.err, "begin\n")
local wanted = ([[
begin
+ echo 'a  b'
+ (cd /usr && A='x y' sh -c 'echo $A')
+ echo in a line | # filter: FILE:6
  cat
+ false
+ false
+ echo 1
+ echo x > DIR/out
+ cat < DIR/out2 >> DIR/out
+ bash -euo pipefail -c 'echo "$1" | tr a b' bash 'a a'
+ echo -n '***'
+ (cd /usr && env -u HOME B='c d' T='***' pwd)
+ echo started
+ echo -n w
]]):gsub("DIR", (dir.path:gsub("%%", "%%%%")))
local told = check.run(script, "-x")
check.eq(told.code, 0, told.err)
check.eq(told.out, plain.out)
check.eq((told.err:gsub(told.file:gsub("%p", "%%%0"), "FILE")), wanted)

-- What is shown can be pasted: a shell that reads it does the same.
local lines = told.err:gsub("begin\n", ""):gsub("%f[^\n\0]%+ ", "\n"):gsub("^%+ ", "")
local pasted = require "procrun.proc".run("bash", {"-c", lines}, {env = {PATH = os.getenv "PATH"}})
check.eq(pasted.code, 0, pasted.stderr)
check.has(pasted.stdout, "a  b\nx y\nin a line\n")

-- Only from here to the end of the block, for this task and those it starts.
local r = check.run [[
local sh, task = require "sh", require "task"
sh.run "true 1"
do
  local _ <close> = sh.trace()
  sh.run "true 2"
  task.spawn(function()
    local _ <close> = sh.trace(false)
    sh.run "true 3"
  end):wait()
  task.spawn(sh.run, "true 4"):wait()
end
sh.run "true 5"
sh.run {"true", "6", trace = true}
assert(not pcall(sh.trace, 1))]]
check.eq(r.err, "+ true 2\n+ true 4\n+ true 6\n")
r = check.run('local _ <close> = require "sh".trace(false); require "sh" "true 1"', "-x")
check.eq(r.err, "")

-- Workers of proc.fork show theirs, too.
local worker = check.write(dir.path .. "/worker.lua", 'require "sh".run "true worker"')
local fork = ('require "proc".fork(%q):wait():check()'):format(worker)
check.eq(check.run(fork, "-x").err, "+ true worker\n")
check.eq(check.run(fork).err, "")
