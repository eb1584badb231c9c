-- Pipelines: programs, functions and bytes; the first bad stage decides; files as source and sink.
-- timeout: 60
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sh = require "procrun.sh"

local e = check.raises("exit status 1 from 'false' (stage 1 of 2)", sh.run, sh.cmd "false" | "cat")
check.eq(e.stage, 1)
check.eq(e.exit_code, 1)
check.eq(e.command, "false | cat")
check.eq(sh.text(sh.cmd "yes" | "head -1"), "y")
check.eq(sh.text(sh.cmd "sh -c 'yes; exit $?'" | "head -n 1"), "y") -- 141 of a shell
check.eq(sh.text(sh.cmd "seq 5" | function(line)
  if line ~= "3" then return line * 2 end
end | "tail -n 2"), "8\n10")
check.eq(sh.text(sh.data "b\na\n" | "sort"), "a\nb")

e = check.raises("exit status 3 from 'sh' (stage 2 of 3)", sh.text,
  sh.cmd "echo x" | { "sh", "-c", "cat; echo bad >&2; exit 3", stderr = "pipe" } | "cat")
check.eq(e.exit_code, 3)
check.has(tostring(e), "  stderr:  bad")
e = check.raises("command not found: no-such", sh.run, sh.cmd "echo x" | "no-such" | "cat")
check.eq(e.stage, 2)
check.eq(e.code, "ENOENT")
check.raises("pipelines.lua:26: in the filter", sh.run,
  sh.cmd "seq 3" | function() error "in the filter" end | "cat")

-- codes that are no failure are those of a stage
local NONE <const> = { "grep", "x", "/dev/null", ok = { 0, 1 } }
check.eq(sh.text(sh.cmd(NONE) | "wc -l"), "0")
check.eq(sh.run(sh.cmd "true" | NONE).ok, true)
check.raises("exit status 1 from 'grep' (stage 1 of 2)", sh.run, sh.cmd "grep x /dev/null" | "cat")
e = check.raises("exit status 2 from 'sh' (stage 2 of 2)", sh.run,
  sh.cmd(NONE) | { "sh", "-c", "exit 2", ok = { 0, 1 } })
check.eq(e.exit_code, 2)

-- the other verbs
check.eq(sh.ok(sh.cmd "seq 3" | "grep -q 2"), true)
check.eq(sh.ok(sh.cmd "seq 3" | "grep -q 9"), false)
local r = sh.try(sh.cmd "seq 3" | "sh -c 'cat; exit 9'")
check.eq(r.code, 9)
check.eq(r.stage, 2)
check.eq(r.stdout, "1\n2\n3\n")
local list = {}
for line in sh.lines(sh.cmd "seq 3" | "sort -r") do list[#list + 1] = line end
check.eq(table.concat(list), "321")
check.raises("exit status 4", function()
  for _ in sh.lines(sh.cmd "seq 3" | "sh -c 'cat; exit 4'") do list[#list + 1] = "" end
end)
check.eq(#list, 6)
local job = sh.start(sh.cmd "sleep 60" | "cat")
check.eq(job:running(), true)
check.eq(job:terminate().stages[1].signal, "SIGTERM")
check.eq(sh.run((sh.cmd "true" | "sh -c 'exit 3'"):with { check = false }).code, 3)

-- files
local tmp <close> = sh.tmpdir()
local file = tmp / "a file"
sh.run((sh.cmd "echo one"):to(file))
sh.run((sh.cmd "echo two" | "cat"):append(file))
check.eq(fs.read(file), "one\ntwo\n")
check.eq(sh.text((sh.cmd "sort -r" | "head -n 1"):from(file)), "two")
sh.run((sh.cmd "seq 2" | function(line) return "<" .. line .. ">" end):to(file))
check.eq(fs.read(file), "<1>\n<2>\n")
e = check.raises("cannot read " .. tmp / "none: no such file", sh.run,
  (sh.cmd "cat"):from(tmp / "none"))
check.eq(e.code, "ENOENT")
check.raises("cannot write /nonexistent/x", sh.run, (sh.cmd "echo"):to "/nonexistent/x")
e = check.raises("exit status 3", sh.run, (sh.cmd "sh -c 'exit 3'"):to(file))
check.has(e.command, "sh -c 'exit 3' > '" .. file .. "'")

-- a FIFO is waited for at its other end, and nothing else is held up
sh("mkfifo", tmp / "fifo")
local both = sh.all {
  reader = function() return sh.text((sh.cmd "cat"):from(tmp / "fifo")) end,
  writer = function()
    sh.sleep(0.02)
    return sh.run((sh.cmd "echo through"):to(tmp / "fifo"))
  end,
}
check.eq(both.reader, "through")
