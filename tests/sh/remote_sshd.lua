-- sh.remote through a real sshd: words, codes, output, input and directories cross as they are.
-- requires: ssh
-- timeout: 120
local check = require "tests.lib.check"
local sh = require "procrun.sh"
local sshd <close> = require "tests.lib.sshd".start()

local dir <close> = assert(require "procrun.fs".temp_dir())
local far = sh.remote({host = sshd.host, ssh = sshd.ssh}, {timeout = "60s", cwd = dir.path})

check.eq(far.text "pwd", dir.path)
local hostile = {
  "a b", "new\nline", "'", '"', "$(touch hacked)", "`touch hacked`", "$HOME", "-rf", "--", "*",
  "\\", "", "~", "\255\254", "a;b|c&d>e<f", "$1", "!x", "{a,b}", "\t", "#", "\r",
}
check.eq(far.try("printf '%s\\0'", hostile).stdout, table.concat(hostile, "\0") .. "\0")
check.eq(far.try(far.script([[printf '%s\0' "$@"]], hostile)).stdout,
  table.concat(hostile, "\0") .. "\0")
assert(not require "procrun.fs".exists(dir.path .. "/hacked"))

local r = far.try("sh -c 'echo out; echo err >&2; exit 7'")
check.eq(r.code, 7)
check.eq(r.stdout, "out\n")
check.eq(r.stderr, "err\n")
check.eq(far.ok "false", false)
check.eq(far.text {"sh", "-c", "echo $A", extend_env = {A = "x 'y"}}, "x 'y")
check.eq(sh.text(sh.data "b\na\n" | far.cmd "sort" | "head -n1"), "a")
local big = ("0123456789abcde\n"):rep(65536) -- 1 MiB there and back
check.eq(far.try {"cat", input = big}.stdout == big, true)
local lines = {}
for line in far.lines "seq 3" do lines[#lines + 1] = line end
check.eq(table.concat(lines), "123")
far.run("touch", "made here")
assert(require "procrun.fs".exists(dir.path .. "/made here"))
for line in far.lines "yes" do -- leaving the loop ends the connection
  if line == "y" then break end
end

-- Without a connection: ssh's own code, and what it says.
local e = check.raises("exit status 255", function()
  return (sh.remote({host = "127.0.0.1", port = 1, ssh = sshd.ssh}).text "true")
end)
check.eq(e.exit_code, 255)
