-- cli.args in a script: --help and --version, wrong arguments, the argv it takes.
local check = require "tests.lib.check"
local eq = check.eq

local TEXT <const> = [[
usage: copy.lua [options] <src>... <dst>
copies

  -j, --jobs N   at once (default 4)
]]
local script = ([[
local _ <close> = setmetatable({}, {__close = function() print "closed" end})
local opt = require "cli".args [==[
%s]==]
print(opt.jobs, #opt.src, opt.dst)]]):format(TEXT)

local run = check.run(script, nil, "a b c -j2")
eq(run.out, "2\t2\tc\nclosed\n")
eq(run.code, 0)

for _, option in ipairs {"--help", "-h", "a -h", "-j3 --help --nothing"} do
  run = check.run(script, nil, option)
  eq(run.out, TEXT .. "closed\n")
  eq(run.err, "")
  eq(run.code, 0)
end

run = check.run(script, nil, "a b --jbos 3")
eq(run.out, "closed\n")
eq(run.err, "copy.lua: unknown option '--jbos' (did you mean '--jobs'?)\n"
  .. "usage: copy.lua [options] <src>... <dst>\n"
  .. "copy.lua --help says more\n")
eq(run.code, 2)
run = check.run(script, nil, "a")
check.has(run.err, "copy.lua: missing argument <dst>\n")
eq(run.code, 2)
run = check.run(script, nil, "-- --help b")
eq(run.out, "4\t1\tb\nclosed\n")
run = check.run(script, nil, "--version")
check.has(run.err, "unknown option '--version'")
eq(run.code, 2)

-- Standard output that is full or closed is told, as ever.
local file = check.write(check.tmp "copy.lua", script)
local _, _, code = os.execute(("'%s' '%s' --help >/dev/full 2>/dev/null"):format(
  os.getenv "PROCRUN", file))
assert(code ~= 0)

for _, text in ipairs {"version 1.4.0\nusage: x",
  "usage: x\n\n  --version  say so\n\nVersion: 1.4.0"} do
  run = check.run(("require 'cli'.args %q"):format(text), nil, "--version")
  eq(run.out, "x 1.4.0\n")
  eq(run.err, "")
  eq(run.code, 0)
end

-- In a worker they are the worker's arguments.
check.write(check.tmp "worker.lua", [[
local opt = require "cli".args "usage: worker.lua <n>"
process:send(opt.n)]])
local proc = require "procrun.proc"
local child <close> = assert(proc.fork(check.tmp "worker.lua", {"7"}))
eq(child:receive(), 7)

-- Within a function that handles errors it ends the program all the same.
run = check.run("pcall(require 'cli'.args, 'usage: x') print 'not reached'", nil, "--what")
eq(run.code, 2)
eq(run.out, "")
