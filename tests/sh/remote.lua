-- sh.remote with a stand-in for ssh: each word arrives on the other side as it was given.
local check = require "tests.lib.check"
local sh = require "procrun.sh"
local fs = require "procrun.fs"

local dir <close> = assert(fs.temp_dir())
-- ssh [-i key] [-p port] [user@]host line: the line goes through a shell in a folder of that host,
-- with an environment of its own.
local ssh = check.write(dir.path .. "/ssh", [=[
#!/bin/bash
printf '%s\n' "$*" >>"$(dirname "$0")/calls"
while getopts i:p:q option; do :; done
shift $((OPTIND - 1))
host=${1#*@}; shift
cd "$(dirname "$0")/$host" || exit 255
exec env -i PATH="$PATH" HOST="$host" sh -c "$*"
]=])
assert(fs.chmod(ssh, 493))
assert(fs.mkdir(dir.path .. "/web1"))
assert(fs.mkdir(dir.path .. "/web1/sub dir"))
assert(fs.mkdir(dir.path .. "/web1/-d"))
assert(fs.mkdir(dir.path .. "/db"))
require "procrun.proc".setenv("PATH", dir.path .. ":" .. os.getenv "PATH")
local web = sh.remote "web1"

-- The far shell cuts nothing.
local hostile = {
  "a b", "new\nline", "'", '"', "''", "$(touch hacked)", "`touch hacked`", "$HOST", "-rf", "--",
  "*", "\\", "", "~", "\255\254", "a;b|c&d>e<f", "$1", "!x", "{a,b}", "\t", "#", "a'b\"c\\d", "\\n",
  "=x",
}
local all = {}
for i, value in ipairs(hostile) do
  check.eq(web.text("printf %s. $1", value), value .. ".")
  all[i] = value .. "|"
end
check.eq(web.text("printf '%s|'", hostile), table.concat(all))
check.eq(web.text {"printf", "%s|", table.unpack(hostile)}, table.concat(all))
assert(not fs.exists(dir.path .. "/web1/hacked"))
check.eq(web.text "printenv HOST", "web1")
check.eq(web.text('printf %s $1', "$HOST"), "$HOST")

-- All verbs; the codes and outputs are those of the far program.
check.eq(web.try("sh -c 'echo e >&2; exit 7'").code, 7)
check.eq(web.try("sh -c 'echo e >&2; exit 7'").stderr, "e\n")
check.eq(web.ok "false", false)
check.eq(web.json "echo '{\"a\": 1}'".a, 1)
for line in web.lines "printf 'a\\nb\\n'" do assert(line == "a" or line == "b") end
web.run("touch", "made here")
assert(fs.exists(dir.path .. "/web1/made here"))
check.eq(sh.text(sh.data "b\na\n" | web.cmd "sort" | "head -n1"), "a")
check.eq(web.text(web.cmd "echo x" | function(l) return l .. l end), "xx")
check.eq(web.text(web.script('echo "$1" | tr a b; echo "$HOST"', "a a")), "b b\nweb1")
check.eq(web.bash("exit 0").ok, true)

-- Directory and environment are those over there.
check.matches(web.text {"pwd", cwd = "sub dir"}, "/web1/sub dir$")
check.matches(web.text {"pwd", cwd = "-d"}, "/web1/%-d$")
check.eq(web.text {"sh", "-c", "echo $A$B$HOST", extend_env = {A = "x 'y", HOST = false}}, "x 'y")
check.eq(web.text {"/usr/bin/env", env = {A = "x y"}}, "A=x y")
check.matches(sh.remote("web1", {cwd = "sub dir"}).text "pwd", "/sub dir$")
check.eq(web.try({"true", cwd = "nowhere"}).ok, false)
do
  local _ <close> = sh.cd "/" -- ours, not theirs
  check.matches(web.text "pwd", "/web1$")
end

-- Nested: words of the far side, another host behind it, words on this side.
check.eq(web.with {"env", "A=1 2"}.text "printenv A", "1 2")
check.eq(sh.remote("web1", {"env", "A=1 2", timeout = "1m"}).text "printenv A", "1 2")
check.eq(sh.with {"env", "A=1"}.remote("web1").try("printenv A").ok, false)
check.eq(web.remote("db").text("printf '%s|' $1 $2", "a'b", "$(x)"), "a'b|$(x)|")
check.matches(web.remote("db").text "pwd", "/db$")

-- How ssh is called.
local function call(host, ...)
  fs.remove(dir.path .. "/calls")
  sh.remote(host).ok(...)
  return check.read(dir.path .. "/calls")
end
check.eq(call("web1", "true"), "web1 true\n")
check.eq(call("me@web1", "a b"), "me@web1 a b\n")
check.eq(call({host = "web1", user = "me", port = 2222, ssh = {"-i", "k y", "-q"}}, "true"),
  "-i k y -q -p 2222 me@web1 true\n")
check.eq(call({host = "web1", ssh = ssh}, "true"), "web1 true\n")
check.eq(call({host = "web1", ssh = {ssh, "-q"}}, {"-x"}), "-q web1 '-x'\n")
check.eq(tostring(web.cmd("mv", "a b", "c")), "ssh web1 'mv '\\''a b'\\'' c'")

-- A failure says what was run; a host that is not there is ssh's 255.
local e = check.raises("exit status 3", function() return (web.run("sh -c 'exit 3' $1", "x y")) end)
check.eq(e.exit_code, 3)
check.has(tostring(e), "ssh web1 'sh -c '\\''exit 3'\\'' '\\''x y'\\'''")
check.eq(sh.remote("nowhere").try("true").code, 255)

-- Refused: what ssh would take for something else.
local function refused(reason, ...)
  local args = table.pack(...)
  check.matches(check.raises(reason, function()
    local far = sh.remote(table.unpack(args, 1, args.n))
    return far
  end), "remote%.lua:%d+: sh%.remote: ")
end
refused("it would be an option", "-oProxyCommand=touch x")
refused("it would be an option, or several words", "a b")
refused("a name expected, got ''", "")
refused("a host, or {host =", nil)
refused("host: a name expected, got nil", {user = "me"})
refused("it would be an option", {host = "x", user = "-l"})
refused("port: an integer from 1 to 65535 expected, got 0", {host = "x", port = 0})
refused("unknown key 'hots'", {hots = "x"})
refused("a list of words for ssh expected", {host = "x", ssh = 3})
refused("options: table expected, got number", "x", 3)
refused("unknown option 'tiemout'", "x", {tiemout = 1})
check.raises("env.A: string or number expected", function()
  return (web.run {"true", extend_env = {A = {}}})
end)
