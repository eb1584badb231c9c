-- A Command that nobody runs, and a handler that no block ends, are told at the end of a program
-- that went well, with their lines.
local check = require "tests.lib.check"

local function run(text, status)
  local r = check.run('local sh = require "sh"\nlocal cmd = sh.cmd\n' .. text)
  check.eq(r.code, status or 0, r.err)
  return (r.err:gsub(r.file:gsub("%p", "%%%0"), "FILE"))
end

check.eq(run 'cmd "rm -rf x"', "procrun: FILE:3: never run: sh.cmd rm -rf x\n")
check.eq(run 'local a = cmd "a" | "b"', "procrun: FILE:3: never run: sh.cmd a\n")
check.eq(run 'for i = 1, 3 do local a = (cmd("echo", i)):to "x" end collectgarbage()',
  "procrun: FILE:3: never run (3 of them): sh.cmd echo 1\n")
check.eq(run 'sh.script "ls | wc"', "procrun: FILE:3: never run: sh.cmd bash -euo pipefail -c"
  .. " 'ls | wc' bash\n")

-- Run, by whatever verb, or as a part of one that is: nothing to say.
check.eq(run 'local a = cmd "true"; sh.run(a); sh.run(a | "cat"); sh.run(a:with {cwd = "/"})', "")
check.eq(run 'for _ in sh.lines(cmd "true" | "cat") do end; assert(sh.ok(cmd "true"))', "")
check.eq(run 'sh.start(cmd "true"):wait(); sh.text(sh.script "true"); sh.bash "true"', "")
-- Made in a loop, and one of them forgotten.
check.eq(run 'for i = 1, 3 do local c = cmd "true"; if i ~= 2 then sh.run(c) end end',
  "procrun: FILE:3: never run: sh.cmd true\n")
-- What is for the end of a block needs a variable that is closed there.
check.eq(run 'sh.defer(print, "x")',
  "procrun: FILE:3: never run: sh.defer without a variable: local _ <close> = sh.defer(...)\n")
check.eq(run 'for i = 1, 2 do local _ = sh.undo(print) end', "procrun: FILE:3: never run (2 of "
  .. "them): sh.undo without a variable: local _ <close> = sh.undo(...)\n")
check.eq(run [[
local a <close>, b = sh.defer(print, "x"), sh.cmd "true"
do local _ <close> = sh.undo(print) end
pcall(function() local _ <close> = sh.undo(print) error "x" end)
require "task".spawn(function() local _ <close> = sh.defer(print) end):wait()
sh.run(b)
os.exit(0)]], "")
-- A program that fails has other sorrows.
check.lacks(run('cmd "a"; error "sorrow"', 1), "never run")
check.eq(run('cmd "a"; os.exit(3)', 3), "")
check.lacks(run('cmd "a"; sh.run "sh -c \'exit 4\'"', 4), "never run")
-- Not a screenful.
local many = {}
for i = 1, 15 do many[i] = ('cmd "a%d"'):format(i) end
local text = run(table.concat(many, "\n"))
check.eq(select(2, text:gsub("never run", "")), 10)
check.has(text, "procrun: and at 5 other lines\n")
-- Nothing is kept alive.
check.eq(run [[
local before = collectgarbage "count"
for i = 1, 20000 do local c = cmd("echo", ("x"):rep(1000) .. i) end
collectgarbage()
collectgarbage()
assert(collectgarbage "count" - before < 2000)
os.exit(0, true)]]:match "20000 of them" ~= nil, true)
