-- result:status() is what a shell would call $?, whatever has ended the command.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local sh = require "procrun.sh"

local function status(command, options)
  return proc.run("sh", { "-c", command }, options):status()
end

check.eq(status "exit 0", 0)
check.eq(status "exit 9", 9)
check.eq(status "kill -9 $$", 128 + 9)
check.eq(status("sleep 100", { timeout = 0.01 }), 124)
check.eq(status("exit 0", { cwd = "/no/such" }), 1)
check.eq(proc.run("/no/such/program"):status(), 127)
check.eq(proc.run("/etc/passwd"):status(), 126)
check.eq(proc.pipeline({ "sh", "-c", "exit 4" }, { "cat" }):status(), 4)
check.eq(proc.pipeline({ "yes" }, { "true" }):status(), 0)
check.eq(sh.run { "sh", "-c", "exit 3", ok = { 0, 3 } }:status(), 3)
