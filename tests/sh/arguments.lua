-- Hostile arguments arrive exactly, whichever way they go; a NUL byte is refused.
local check = require "tests.lib.check"
local sh = require "procrun.sh"

local hostile = {
  "a b", " lead and trail ", "new\nline", "\n", "tab\t", "'", "''", '"', "$(touch hacked)",
  "`touch hacked`", "$HOME", "${HOME}", "-rf", "--", "-", "*", "?", "[a]", "\\", "\\n", "", "~",
  "~root", "\255\254", "\195", "a;b|c&d>e<f(g)", "$1", "$$", "!x", "!!",
  "{a,b}", "#", "=x", "A=1", "%s%d",
  "\27[31m", "\r", "\1\127", "é 漢 \u{1F600}", ("x"):rep(100000),
}
local wanted = table.concat(hostile, "\0") .. "\0"

local function same(got, what)
  if got ~= wanted then error(("%s: %q"):format(what, got:sub(1, 1000)), 2) end
end

local print0 = {"printf", "%s\\0"}
same(sh.try("printf '%s\\0'", hostile).stdout, "a list behind a template")
same(sh.try("printf '%s\\0'", table.unpack(hostile)).stdout, "parameters behind a template")
same(sh.try("printf $1 $2", "%s\\0", hostile).stdout, "a list in a template")
same(sh.try("printf $f $list", {f = "%s\\0", list = hostile}).stdout, "by name")
same(sh.try {"printf", "%s\\0", table.unpack(hostile)}.stdout, "a table")
same(sh.with(print0).try(table.move(hostile, 1, #hostile, 2, {"x"})).stdout:sub(3), "sh.with")
same(sh.try(sh.script([[printf '%s\0' "$@"]], hostile)).stdout, "a bash script")
same(sh.try(sh.script([[printf '%s\0' "$@"]], table.unpack(hostile))).stdout, "bash, one by one")
same(sh.try(sh.script {[[printf '%s\0' "$@"]], table.unpack(hostile)}).stdout, "a bash table")
same(sh.try(sh.cmd("printf '%s\\0'", hostile) | "cat").stdout, "a pipeline")
for i, value in ipairs(hostile) do
  check.eq(sh.try("printf %s $1", value).stdout, value, "parameter " .. i)
  check.eq(sh.try("printf %s. a$1", value).stdout, "a" .. value .. ".", "inside a word " .. i)
end

-- As shown, a shell reads the same words; sh.quote alone, too.
local shown = tostring(sh.cmd("printf '%s\\0'", hostile))
same(require "procrun.proc".run("bash", {"-s"}, {input = shown}).stdout, "as shown")
for i, value in ipairs(hostile) do
  if #value < 1000 then
    local r = require "procrun.proc".run("sh", {"-c", "printf %s " .. sh.quote(value)})
    check.eq(r.stdout, value, "quoted " .. i)
  end
end

-- 100,000 of them, and what no system takes.
local many = {}
for i = 1, 100000 do many[i] = "a " .. i end
check.eq(#sh.text("printf '%s|'", many), 100000 * 3 + 488895)
check.raises("argument list too long", function() return (sh.ok("true", ("x"):rep(200000))) end)
for _, fn in ipairs {
  function() return (sh.run("true", "a\0b")) end, function() return (sh.run {"true", "a\0b"}) end,
  function() return (sh.run("true", {"a\0b"})) end, function() return (sh.bash("true", "a\0b")) end,
  function() return (sh.run "true 'a\0b'") end, function() return (sh.bash "true \0") end,
  function() return (sh.run("true $a", {a = "\0"})) end, function() return (sh.quote "a\0b") end,
  function() return (sh.with {"a\0b"}) end,
} do
  check.matches(tostring(check.raises("NUL", fn)), "arguments%.lua:%d+: ")
end
