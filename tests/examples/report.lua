-- report.lua puts what several commands say into one JSON, or the disks into CSV.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local json = require "procrun.json"
local proc = require "procrun.proc"

example.need("df", "ps", "uname")
local report = assert(json.decode(example.run("report", { "--top", 2 }):check().stdout))
check.eq(report.host, proc.run "uname" and proc.run("uname", { "-n" }):text())
check.eq(#report.processes, 2)
assert(report.processes[1].rss_kb >= report.processes[2].rss_kb)
assert(#report.disks > 0 and report.disks[1].size_kb)

local out = check.tmp "disks of $HOME.csv"
check.eq(example.run("report", { "--csv", "-o", out }):check().stdout, "")
local lines = {}
for line in fs.lines(out) do lines[#lines + 1] = line end
check.eq(lines[1], "device,mount,size_kb,used_kb,percent")
check.matches(lines[2], "^.+,/.*,%d+,%d+,%d+$")

-- A df of another machine: names with commas and quotes; one that fails fails the report.
local bin = check.tmp "bin"
assert(fs.mkdir_p(bin))
local function fake(text)
  assert(fs.write(bin .. "/df", "#!/bin/sh\n" .. text, { mode = "755" }))
  local path = bin .. ":" .. os.getenv "PATH"
  return example.run("report", { "--csv" }, { extend_env = { PATH = path } })
end
local r = fake [[echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
echo '/dev/a 10 4 6 40% /mnt/my "big", disk']]
check.eq(r:check():lines()[2], '/dev/a,"/mnt/my ""big"", disk",10,4,40')
r = fake "echo 'df: no way' >&2; exit 3"
check.eq(r.code, 3)
check.has(r.stderr, "no way")
check.eq(r.stdout, "")
