-- On a terminal: what run starts stays in our group, so that it can ask there; Ctrl-C ends both,
-- and what is deferred still runs.
-- timeout: 60
local check = require "tests.lib.check"
local terminal = require "tests.lib.terminal"

local function open(name, script)
  local file = check.write(check.tmp(name .. ".lua"), 'local sh = require "sh"\n' .. script)
  return terminal.open(("'%s' '%s'"):format(os.getenv("PROCRUN"), file))
end

-- a question, as ssh and sudo ask it
local t <close> = open("asks", [[
sh { "sh", "-c", "stty -echo </dev/tty; printf 'Password: ' >/dev/tty; read -r x </dev/tty; "
  .. "stty echo </dev/tty; echo; echo got $x" }
print(sh.text { "sh", "-c", "test -t 0 && echo terminal || echo none" })]])
t:expect "Password: "
t:send "secret\r"
t:expect "got secret"
t:expect "none"
local code, text = t:finish()
check.eq(code, 0)
check.eq(select(2, text:gsub("secret", "")), 1, text)

-- Ctrl-C
local c <close> = open("interrupted", [[
local _ <close> = sh.defer(function() sh "echo deferred" end)
sh { "sh", "-c", "trap 'echo child' INT; echo ready; sleep 600; echo went on; sleep 600" }]])
c:expect "ready"
c:send "\3"
c:expect "deferred"
code, text = c:finish()
check.eq(code, 130, text)

-- an editor: raw mode, keys, the screen; and the script goes on
local e <close> = open("raw", [[
sh { "sh", "-c", "stty raw -echo; printf 'key: '; dd bs=1 count=1 2>/dev/null | od -An -c; "
  .. "stty sane" }
print "the script goes on"]])
e:expect "key: "
e:send "\3"
e:expect "003"
e:expect "the script goes on"
check.eq((e:finish()), 0)
