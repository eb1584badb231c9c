-- sh.secret: shown as ***, but the child gets the text.
local check = require "tests.lib.check"
local sh = require "procrun.sh"

local token = sh.secret "t0p s'cret"
check.eq(tostring(token), "***")
check.eq(tostring("Bearer " .. token .. 1), "Bearer ***1")
check.eq(token:reveal(), "t0p s'cret")
check.eq(("a" .. token):reveal(), "at0p s'cret")
check.eq(("%s"):format(token), "***")
check.lacks(require "procrun".inspect {token}, "t0p")

-- The child has it: in arguments, in its environment, on standard input, through bash, in a list.
check.eq(sh.text("printf '%s|' $1 --x=$1 $v", token, {v = "a" .. token}),
  "t0p s'cret|--x=t0p s'cret|at0p s'cret|")
check.eq(sh.text("printf '%s|'", {token, 1}), "t0p s'cret|1|")
check.eq(sh.text {"printf", "%s|", token}, "t0p s'cret|")
check.eq(sh.text {"sh", "-c", "echo \"$T\"", extend_env = {T = token}}, "t0p s'cret")
check.eq(sh.text {"cat", input = token}, "t0p s'cret")
check.eq(sh.text(sh.data(token) | "cat"), "t0p s'cret")
check.eq(sh.text(sh.script('echo "$1"', token)), "t0p s'cret")
check.eq(sh.with {"printf", "%s|", token}.text "a", "t0p s'cret|a|")
do
  local _ <close> = sh.setenv {T = token}
  check.eq(sh.text [[sh -c 'echo "$T"']], "t0p s'cret")
end

-- Shown it is not: Commands, results, errors.
check.eq(tostring(sh.cmd("curl -u $1", "me:" .. token)), "curl -u 'me:***'")
check.eq(tostring(sh.cmd {"a", extend_env = {T = token}, input = token}),
  "printf %s '***' | T='***' a")
check.eq(tostring(sh.data(token) | "a"), "printf %s '***' | a")
local r = sh.try("sh -c 'exit 3' $1", token)
for _, text in ipairs {r.command, tostring(r), table.concat(r.argv, " "), r.error,
  table.concat(r:to_error().result.argv, " "), tostring(r:to_error())} do
  check.lacks(text, "t0p")
end
check.has(r.command, "***")
for _, fails in ipairs {
  function() sh.run("sh -c 'exit 3' $1", token) end,
  function() sh.run(sh.cmd("sh -c 'exit 3' $1", token) | "cat") end,
  function() sh.run("/no/such/program $1", token) end,
  function() sh.bash("exit 3", token) end,
  function() sh.run("$1 x", token) end, -- the program itself
  function() sh.run("/no/such/$1", token) end,
  function() sh.run { token, uid = "no-such-user" } end,
  function() sh.run(sh.cmd "true" | { token }) end,
  function() sh.run(sh.cmd "true" | { sh.secret "/etc/t0p/../passwd" } | "cat") end,
  function() sh.remote("nowhere", {}).run {"x", token, timeout = 0.001} end,
} do
  local ok, e = pcall(fails)
  assert(not ok)
  check.lacks(tostring(e), "t0p")
  check.lacks(tostring(e.command), "t0p")
  check.lacks(require "procrun".inspect(e), "t0p")
end

-- Nor by --trace.
local traced = check.run([[
local sh = require "sh"
local token = sh.secret "t0p"
sh.run("true $1", token)
sh.text(sh.cmd("echo --x=$1", token) | "cat")
sh.remote {host = "x", ssh = {"true"}}.run("x", token)
sh.with {"true", token} "a"]], "--trace=all")
check.eq(traced.code, 0, traced.err)
check.lacks(traced.err, "t0p")
check.has(traced.err, 'file=echo args="--x=***"')

-- Misuse.
check.raises("string expected, got nil", sh.secret)
check.raises("attempt to concatenate a secret and a table", function() return token .. {} end)
check.raises("a secret has no 'upper': its text is secret:reveal()", function()
  return token:upper()
end)
check.raises("cannot be changed", function() token.x = 1 end)
